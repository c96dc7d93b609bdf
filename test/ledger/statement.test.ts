import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  openEnvelope,
  parseStatement,
  preAuthEncoding,
  signEnvelope,
  statementBytes,
} from '../../src/ledger/index.ts';
import { newKey, refusalOf } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-dsse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DIGEST = { sha256: 'a'.repeat(64) };
const said = {
  subject: [
    { name: 'run.json', digest: DIGEST },
    { name: 'entries.json', digest: DIGEST },
  ],
  predicateType: 'https://muster.example/evidence/v1',
  predicate: { size: 5 },
};
const payload = statementBytes(said);
const [one, two] = [newKey('one'), newKey('two')];
const envelope = signEnvelope(payload, [one, two]);

describe('a statement', () => {
  it('is read again, with its subjects sorted', () => {
    expect(parseStatement(payload)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      ...said,
      subject: [...said.subject].reverse(),
    });
  });

  it.each([
    { name: 'a subject twice', change: { subject: [said.subject[0], said.subject[0]] } },
    { name: 'no subject', change: { subject: [] } },
    {
      name: 'a digest that is none',
      change: { subject: [{ name: 'a', digest: { sha256: 'A'.repeat(64) } }] },
    },
    { name: 'a type that is no address', change: { predicateType: 'evidence' } },
  ])('is not made with $name', ({ change }) => {
    const wrong = { ...said, ...change } as typeof said;
    expect(refusalOf(() => statementBytes(wrong))?.code).toBe('ledger.badStatement');
  });

  it.each([
    { name: 'a space more', text: `${String(payload)} ` },
    { name: 'a key twice', text: String(payload).replace('{"size":5}', '{"size":4,"size":5}') },
    { name: 'a field more', text: String(payload).replace('{"size"', '{"size":5},"more":{"size"') },
    { name: 'very deep brackets', text: '['.repeat(200_000) },
    { name: 'a secret prototype', text: String(payload).replace('"size"', '"__proto__"') },
    { name: 'nothing', text: '' },
  ])('is not read with $name', ({ text }) => {
    expect(refusalOf(() => parseStatement(Buffer.from(text)))?.code).toBe('ledger.badStatement');
  });
});

describe('an envelope', () => {
  it('encodes what is signed as DSSE says', () => {
    const bytes = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(String(bytes)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('opens with any of its keys, and names the unknown ones', () => {
    const opened = openEnvelope(envelope, [two]);
    expect(Buffer.from(opened.payload).equals(payload)).toBe(true);
    expect(opened.unknown).toEqual([`one+${one.keyId}`]);
  });

  it('does not open with other keys', () => {
    expect(refusalOf(() => openEnvelope(envelope, [newKey('one')]))?.code).toBe('ledger.notSigned');
  });

  it('is refused after a change of any byte, or names a key it does not know', () => {
    const bytes = Buffer.from(envelope);
    const passed = [...bytes.keys()].filter((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      try {
        return openEnvelope(changed, [one, two]).unknown.length === 0;
      } catch (error) {
        return (
          refusalOf(() => {
            throw error;
          }) === undefined
        );
      }
    });
    expect(passed).toEqual([]);
  });

  it.each([
    { name: 'white space', text: JSON.stringify(JSON.parse(envelope), undefined, 1) },
    { name: 'another type', text: envelope.replace('in-toto', 'other') },
    { name: 'no signature', text: JSON.stringify({ ...JSON.parse(envelope), signatures: [] }) },
    { name: 'a signature twice', text: envelope.replace(/("signatures":\[)(.*?\})/, '$1$2,$2') },
    { name: 'its signatures swapped', text: envelope.replace(/\[(\{.*?\}),(\{.*?\})\]/, '[$2,$1]') },
    { name: 'a list', text: '[]' },
  ])('is refused with $name', ({ text }) => {
    expect(refusalOf(() => openEnvelope(text, [one]))?.code).toBe('ledger.badEnvelope');
  });

  it('is never signed by the key of a witness', () => {
    const witness = newKey('w', 'cosignature/v1');
    expect(refusalOf(() => signEnvelope(payload, [witness]))?.code).toBe('ledger.badKey');
  });

  it('verifies with openssl alone', () => {
    const { signatures } = JSON.parse(envelope) as { signatures: { sig: string }[] };
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const key = file('key.pem', one.publicKey.export({ type: 'spki', format: 'pem' }));
    const signature = file('sig', Buffer.from(signatures[0]?.sig ?? '', 'base64'));
    const signed = file('pae', preAuthEncoding('application/vnd.in-toto+json', payload));
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      key,
      '-rawin',
      '-in',
      signed,
      '-sigfile',
      signature,
    ];
    expect(String(execFileSync('openssl', args))).toContain('Verified Successfully');
  });
});
