import { describe, expect, it } from 'vitest';
import {
  leavesDigestOf,
  signCheckpoint,
  signKeyChange,
  signPruning,
  verifyLedger,
  type PruningStatement,
  type SignerKey,
} from '../../src/ledger/index.ts';
import { sha256 } from '../../src/ledger/digest.ts';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { newKey, ORIGIN } from './support.ts';

const DIGEST = 'a'.repeat(64);
const [first, second] = [newKey(ORIGIN), newKey(ORIGIN)];

const lifted = (id: string): string =>
  canonicalJson({ v: 1, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at: 1, id, actor: 'anna' });

/** Five entries, of which the last brings the second key. */
const KEPT = [
  ...['a', 'b', 'c', 'd'].map(lifted),
  canonicalJson({
    v: 1,
    kind: 'ledger.key',
    key: 'ledger/key/1',
    at: 1,
    actor: 'anna',
    ...signKeyChange({ origin: ORIGIN, bothUntil: 2 }, first, second),
  }),
];

type Ranges = PruningStatement['ranges'];

/** A pruning, and the entry that says the same. */
function pruning(id: string, ranges: Ranges, keys: readonly SignerKey[]) {
  const leaves = ranges.flatMap(([from, to]) => KEPT.slice(from, to + 1)).map(leafHash);
  const said = { id, actor: 'anna', policyDigest: DIGEST, leavesDigest: leavesDigestOf(leaves) };
  const statement = signPruning({ ...said, at: 1, origin: ORIGIN, ranges }, keys);
  const head = { v: 1, kind: 'pruning', key: `pruning/${id}`, at: 1 };
  const count = Math.max(1, leaves.length);
  return {
    statement,
    entry: canonicalJson({ ...head, ...said, count, statementDigest: sha256(statement) }),
  };
}

/** The verdict on a ledger from which all of them have removed, signed at its end by the key of then. */
function verdictOn(made: readonly ReturnType<typeof pruning>[], gone: readonly number[]): string {
  const texts = [...KEPT, ...made.map(({ entry }) => entry)];
  const leaves = texts.map(leafHash);
  const checkpoint = signCheckpoint(
    { origin: ORIGIN, size: leaves.length, root: rootOf(leaves), extensions: [] },
    [second],
  );
  const entries = texts.map((text, position) =>
    gone.includes(position)
      ? { position, leaf: Buffer.from(leafHash(text)).toString('hex') }
      : { position, text },
  );
  const prunings = made.map(({ statement }) => statement);
  const verdict = verifyLedger(
    { entries, checkpoints: [checkpoint], prunings },
    { origin: ORIGIN, ledgerKeys: [first] },
  );
  return verdict.ok ? `ok ${verdict.pruned}` : verdict.problem.code;
}

describe('a signed pruning', () => {
  it('is believed of the key of its time', () => {
    expect(verdictOn([pruning('1', [[1, 1]], [second])], [1])).toBe('ok 1');
  });

  it('is believed when the key before has signed it as well', () => {
    expect(verdictOn([pruning('1', [[1, 1]], [first, second])], [1])).toBe('ok 1');
  });

  it('is not believed of a key that was followed by another', () => {
    expect(verdictOn([pruning('1', [[1, 1]], [first])], [1])).toBe('evidence.pruning');
  });

  it('stands beside others, in any order', () => {
    const later = pruning('1', [[3, 3]], [second]);
    const earlier = pruning(
      '2',
      [
        [0, 0],
        [2, 2],
      ],
      [second],
    );
    expect(verdictOn([later, earlier], [0, 2, 3])).toBe('ok 3');
  });

  it('does not name what another has removed', () => {
    const twice = [pruning('1', [[1, 2]], [second]), pruning('2', [[2, 3]], [second])];
    expect(verdictOn(twice, [1, 2, 3])).toBe('evidence.pruning');
  });

  it.each([2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'does not name %d entries that are not there',
    (to) => {
      expect(verdictOn([pruning('1', [[1, to]], [second])], [1])).toBe('evidence.pruning');
    },
  );

  it('does not excuse an entry that it does not name', () => {
    expect(verdictOn([pruning('1', [[1, 1]], [second])], [1, 2])).toBe('evidence.notPruned');
  });
});
