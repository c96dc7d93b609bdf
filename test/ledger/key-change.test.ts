import { describe, expect, it } from 'vitest';
import {
  formatVerifierKey,
  signCheckpoint,
  signKeyChange,
  verifyBundle,
  verifyLedger,
  writeBundle,
  type KeyChange,
  type SignerKey,
  type VerifierKey,
} from '../../src/ledger/index.ts';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { BEGUN, checkpointOver, evidenceBundle } from './evidence-run.ts';
import { newKey, ORIGIN } from './support.ts';

const [first, second, third, foreign] = [newKey(ORIGIN), newKey(ORIGIN), newKey(ORIGIN), newKey(ORIGIN)];

const lifted = (id: string): string =>
  canonicalJson({ v: 1, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at: 1, id, actor: 'anna' });

const entryOf = (number: number, change: KeyChange): string =>
  canonicalJson({
    v: 1,
    kind: 'ledger.key',
    key: `ledger/key/${number}`,
    at: 1,
    actor: 'anna',
    ...change,
  });

const changed = (from: SignerKey, to: SignerKey): KeyChange =>
  signKeyChange({ origin: ORIGIN, bothUntil: 2 }, from, to);

/** A ledger that changes its key at entry 1 and at entry 3. */
const TEXTS = [
  lifted('a'),
  entryOf(1, changed(first, second)),
  lifted('b'),
  entryOf(2, changed(second, third)),
];

const sealed = (texts: readonly string[], size: number, ...keys: SignerKey[]): string =>
  signCheckpoint(
    { origin: ORIGIN, size, root: rootOf(texts.slice(0, size).map(leafHash)), extensions: [] },
    keys,
  );

function verdictOf(
  texts: readonly string[],
  checkpoints: readonly string[],
  ...ledgerKeys: VerifierKey[]
): string {
  const entries = texts.map((text, position) => ({ position, text }));
  const verdict = verifyLedger({ entries, checkpoints }, { origin: ORIGIN, ledgerKeys });
  return verdict.ok ? 'ok' : `${verdict.problem.code} ${verdict.problem.position ?? ''}`.trim();
}

const GOOD = [sealed(TEXTS, 1, first), sealed(TEXTS, 2, second, first), sealed(TEXTS, 4, third, second)];

describe('a ledger that has changed its key', () => {
  it.each([
    ['first', first],
    ['second', second],
    ['newest', third],
  ])('is believed by whoever has the %s of its keys', (_, key) => {
    expect(verdictOf(TEXTS, GOOD, key)).toBe('ok');
  });

  it('is not believed by whoever has none of them', () => {
    expect(verdictOf(TEXTS, GOOD, foreign)).toBe('ledger.notSigned');
  });

  it('is no more signed by the old key alone', () => {
    const checkpoints = [GOOD[0] ?? '', sealed(TEXTS, 3, first)];
    expect(verdictOf(TEXTS, checkpoints, first)).toBe('ledger.otherKey');
  });

  it('was not signed by the new key before', () => {
    expect(verdictOf(TEXTS, [sealed(TEXTS, 1, second)], first)).toBe('ledger.otherKey');
  });

  it('does not take a key that only it has signed itself', () => {
    // Whoever has no more than a new key of their own puts it into both places.
    const { signatures } = changed(foreign, second);
    const forged = { ...changed(first, second), newKey: formatVerifierKey(foreign), signatures };
    const texts = [lifted('a'), entryOf(1, forged)];
    expect(verdictOf(texts, [sealed(texts, 2, foreign)], first)).toBe('ledger.badKeyChange 1');
  });

  it('does not take one half of the signatures', () => {
    const whole = changed(first, second);
    const texts = [
      lifted('a'),
      entryOf(1, { ...whole, signatures: `${whole.signatures.split('\n').at(1) ?? ''}\n` }),
    ];
    expect(verdictOf(texts, [sealed(texts, 2, second)], first)).toBe('ledger.badKeyChange 1');
  });

  it('does not take a change that does not follow the one before', () => {
    const texts = [entryOf(1, changed(first, second)), entryOf(2, changed(first, third))];
    expect(verdictOf(texts, [sealed(texts, 2, third)], first)).toBe('ledger.badKeyChange 1');
  });

  it('does not take the change of another ledger', () => {
    const other = signKeyChange({ origin: 'other/ledger', bothUntil: 2 }, first, second);
    const texts = [entryOf(1, other)];
    expect(verdictOf(texts, [sealed(texts, 1, second)], first)).toBe('ledger.badKeyChange 0');
  });

  it('is not led elsewhere by keys that follow each other and nobody knows', () => {
    const texts = [lifted('a'), entryOf(1, changed(foreign, third))];
    expect(verdictOf(texts, [sealed(texts, 2, third)], first)).toBe('ledger.notSigned');
  });
});

describe('a retired key', () => {
  /** All of it is forged, but for the change at its end. */
  const forged = [lifted('x'), lifted('y'), entryOf(1, changed(first, second))];

  it('does not write the past anew for whoever trusts the new key', () => {
    expect(verdictOf(forged, [sealed(forged, 2, first)], second)).toBe('evidence.notSealed 2');
  });

  it('does not write it anew with the key after it, both retired', () => {
    const texts = [...forged, lifted('z'), entryOf(2, changed(second, third))];
    const checkpoints = [sealed(texts, 2, first), sealed(texts, 4, second)];
    expect(verdictOf(texts, checkpoints, third)).toBe('evidence.notSealed 4');
  });

  it('does not seal the change itself', () => {
    expect(verdictOf(forged, [sealed(forged, 3, first)], second)).toBe('ledger.otherKey');
  });

  it('does not sign the evidence of a run any more', async () => {
    expect(await bundleVerdict([first])).toBe('ledger.otherKey statement.dsse.json');
  });

  it('may sign it beside the new one', async () => {
    expect(await bundleVerdict([first, second])).toBe('ok');
  });
});

describe('a ledger that nobody has signed', () => {
  const texts = [lifted('a'), lifted('b')];

  it('is not believed, also when entries without a signature are', () => {
    expect(verdictOf(texts, [], first)).toBe('evidence.notSealed 0');
  });

  it('is not believed for a checkpoint of nothing', () => {
    expect(verdictOf(texts, [sealed(texts, 0, first)], first)).toBe('evidence.notSealed 0');
  });

  it('is believed while it is empty', () => {
    expect(verdictOf([], [], first)).toBe('ok');
  });
});

/** What is said of a bundle from the time of the second key with a statement of these keys. */
async function bundleVerdict(keys: readonly SignerKey[]): Promise<string> {
  const at = BEGUN;
  const change = { v: 1, kind: 'ledger.key', key: 'ledger/key/1', at, actor: 'anna' } as const;
  const { evidence } = await evidenceBundle({
    entries: (entries) => [{ ...change, ...changed(first, second) }, ...entries],
    evidence: (honest) => ({ ...honest, checkpoint: checkpointOver(honest.leaves, second) }),
  });
  const verdict = verifyBundle(writeBundle(evidence, keys), { origin: ORIGIN, ledgerKeys: [second] });
  return verdict.ok ? 'ok' : `${verdict.problem.code} ${verdict.problem.file ?? ''}`;
}
