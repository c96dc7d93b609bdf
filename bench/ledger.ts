import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint, signerKey, verifyLedger } from '../src/ledger/index.ts';
import { inclusionProof, leafHash, rootOf } from '../src/merkle/index.ts';
import { canonicalJson } from '../src/model/json.ts';
import { compare } from './compare.ts';
import { countingClock } from './counting-clock.ts';
import { plansWithChecks } from './plans.ts';
import { atMost, row, type Row } from './row.ts';
import { checksInARow, commandsInARow } from './runbooks.ts';
import { onStage, type Stage, type StageOptions } from './stage.ts';
import type { Tools } from './tools.ts';

const STEPS = 20;
/** What the record may cost of the time of a step. */
const TIME_GOAL = 1.25;
/** What it may bring to the disk for a step. */
const COMMITS_GOAL = 1;
const ENTRIES = 100_000;
/** The depth of a tree of so many. */
const HASHES_GOAL = 17;
const ORIGIN = 'bench/ledger';

/** Runs that are recorded, against the same runs that are not: one machine, two servers of each kind. */
export async function measureLedger(tools: Tools): Promise<Row[]> {
  const quick = (): StageOptions => ({
    pollMs: 1,
    simulation: { clock: countingClock(), scenario: plansWithChecks({ QUICK: 10 }) },
  });
  const costs = await onStage(tools, quick(), (recorded) =>
    onStage(tools, { ...quick(), ledger: 'off' }, async (unrecorded) => {
      const stages = { recorded, unrecorded };
      return [
        ...(await costOf(
          'checks',
          (stage) => stage.run(checksInARow(STEPS, stage.healthUrl)),
          stages,
          tools,
        )),
        ...(await costOf(
          'commands',
          (stage) => stage.run(commandsInARow(STEPS, 'QUICK'), 'live'),
          stages,
          tools,
        )),
      ];
    }),
  );
  return [...costs, ...measureVerify(tools)];
}

async function costOf(
  what: string,
  run: (stage: Stage) => Promise<string>,
  { recorded, unrecorded }: { readonly recorded: Stage; readonly unrecorded: Stage },
  tools: Tools,
): Promise<Row[]> {
  const times = await compare(
    {
      ours: { what: `${STEPS} ${what} in a row, recorded`, stage: recorded, way: () => run(recorded) },
      theirs: {
        what: `${STEPS} ${what} in a row, not recorded`,
        stage: unrecorded,
        way: () => run(unrecorded),
      },
      ratio: { what: `${what}: recorded / not recorded`, goal: TIME_GOAL },
      steps: STEPS,
    },
    tools,
  );
  const more = (await commitsOf(recorded, run)) - (await commitsOf(unrecorded, run));
  return [
    ...times,
    row(`${what}: commits that the ledger adds to a step`, 'commits', more / STEPS, atMost(COMMITS_GOAL)),
  ];
}

async function commitsOf(stage: Stage, run: (stage: Stage) => Promise<string>): Promise<number> {
  const before = stage.commits();
  await run(stage);
  return stage.commits() - before;
}

/** What an auditor waits for whose ledger is large. */
function measureVerify({ rounds, say }: Tools): Row[] {
  say(`ledger: ${ENTRIES} entries`);
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = signerKey(ORIGIN, 'ed25519', privateKey);
  const entries = Array.from({ length: ENTRIES }, (_, position) => ({ position, text: entryAt(position) }));
  const leaves = entries.map(({ text }) => leafHash(text));
  const note = signCheckpoint({ origin: ORIGIN, size: ENTRIES, root: rootOf(leaves), extensions: [] }, [key]);
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    const verdict = verifyLedger(
      { entries, checkpoints: [note] },
      { origin: ORIGIN, ledgerKeys: [key], strict: true },
    );
    if (!verdict.ok) throw new Error(`The ledger does not verify: ${verdict.problem.sentence}`);
    return performance.now() - began;
  });
  const hashes = [0, 1, ENTRIES / 2, ENTRIES - 1].map(
    (position) => inclusionProof(leaves, position, ENTRIES).length,
  );
  return [
    row(`verify a ledger of ${ENTRIES} entries`, 'ms', times),
    row(`hashes in a proof of one of ${ENTRIES}`, 'hashes', hashes, atMost(HASHES_GOAL, 'max')),
  ];
}

function entryAt(position: number): string {
  const run = `run-${Math.floor(position / 50)}`;
  const path = `step${position % 50}`;
  return canonicalJson({
    v: 1,
    kind: 'step.ended',
    key: `${run}/${path}/1/ended/${position}`,
    at: 1_700_000_000_000 + position,
    run,
    path,
    attempt: 1,
    outcome: 'succeeded',
  });
}
