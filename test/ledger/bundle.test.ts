import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  readZip,
  renderVerdict,
  verifyBundle,
  writeBundle,
  type TrustCode,
  type VerifyOptions,
} from '../../src/ledger/index.ts';
import { ledgerKey, voteKeys, witnessKey } from './evidence-keys.ts';
import { evidenceBundle, VERIFY } from './evidence-run.ts';
import { newKey } from './support.ts';

const { bytes, evidence } = await evidenceBundle();
const verified = verifyBundle(bytes, VERIFY);

const codeWith = (options: Partial<VerifyOptions>, file: Uint8Array = bytes): string => {
  const verdict = verifyBundle(file, { ...VERIFY, ...options });
  return verdict.ok ? 'verified' : verdict.problem.code;
};

const trusted = (options: Partial<VerifyOptions> = {}): readonly TrustCode[] => {
  const verdict = verifyBundle(bytes, { ...VERIFY, ...options });
  return verdict.ok ? verdict.trusted.map(({ code }) => code) : [];
};

describe('the evidence of an honest run', () => {
  it('verifies', () => {
    expect(verified).toMatchObject({
      ok: true,
      run: { runbook: 'erp-failover', outcome: 'succeeded' },
      checked: { entries: 30, steps: 6, gates: 3, votes: 4, intents: 2, effects: 2 },
    });
  });

  it('has the same bytes each time', () => {
    expect(hash('sha256', writeBundle(evidence, [ledgerKey]))).toBe(hash('sha256', bytes));
  });

  it('has nothing of the machines that ran it', () => {
    expect(String(Buffer.from(bytes))).not.toContain('host.internal');
  });

  it('holds what belongs to the run, and nothing of another', () => {
    const [entries] = readZip(bytes).filter(({ name }) => name === 'entries.jsonl');
    expect(String(entries?.content)).not.toContain('another-run');
  });

  it('names the people whose votes only muster vouches for', () => {
    expect(renderVerdict(verified)).toContain('clara (twoFactor)');
  });

  it('verifies with vote keys that came another way', () => {
    expect(codeWith({ voteKeys: [voteKeys.publicKey] })).toBe('verified');
  });

  it('does not verify with other vote keys', () => {
    expect(codeWith({ voteKeys: [newKey('votes').publicKey] })).toBe('evidence.voteSignature');
  });

  it('does not verify with another key of the ledger', () => {
    expect(codeWith({ ledgerKeys: [newKey(VERIFY.origin)] })).toBe('ledger.notSigned');
  });

  it('does not verify as that of another ledger', () => {
    expect(codeWith({ origin: 'other.example/ledger' })).toBe('ledger.badCheckpoint');
  });

  it('reports signatures of keys that were not given', () => {
    expect(trusted()).toContain('unknownSignatures');
  });

  it('names the witness whose key was given', () => {
    expect(trusted({ witnessKeys: [witnessKey] })).not.toContain('unknownSignatures');
  });

  it('does not verify when no given witness has cosigned', () => {
    expect(codeWith({ witnessKeys: [newKey('w.example', 'cosignature/v1')] })).toBe('evidence.notWitnessed');
  });

  it('is answered and not thrown at, whatever the bytes are', () => {
    expect(codeWith({}, Buffer.from('no zip'))).toBe('ledger.badZip');
  });
});

describe('a verdict for people', () => {
  it('names the file and the entry where something is wrong', async () => {
    const lie = await evidenceBundle({
      entries: (entries) => entries.filter(({ kind }) => kind !== 'intent'),
    });
    const text = renderVerdict(verifyBundle(lie.bytes, VERIFY));
    expect(text).toMatch(
      /^NOT VERIFIED[^]*File {8}entries\.jsonl\nEntry {7}\d+\n[^]*evidence\.intentMissing/,
    );
  });
});

describe('a drill without approvals', () => {
  it('verifies, and names the commands that its configuration has to allow', async () => {
    const drill = await evidenceBundle({
      mode: 'drill',
      entries: (entries) =>
        entries
          .flatMap((entry) => {
            const isGo = 'path' in entry && entry.path === 'go';
            if (!isGo) return [entry];
            return entry.kind === 'step.ended' ? [{ ...entry, outcome: 'skipped' as const }] : [];
          })
          .map((entry) => (entry.kind === 'refusal' ? { ...entry, number: 0 } : entry)),
      evidence: (whole) => ({
        ...whole,
        votes: whole.votes.filter(({ id }) => id === 'vote-otto1' || id === 'vote-clara2'),
        gates: whole.gates.filter(({ nonce }) => nonce !== 'go-nonce'),
      }),
    });
    const verdict = verifyBundle(drill.bytes, VERIFY);
    expect(verdict.ok && verdict.trusted.map(({ code }) => code)).toContain('allowedTargets');
  });
});
