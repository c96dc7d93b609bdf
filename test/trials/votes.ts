import { newVoteId } from '../../src/identity/index.ts';
import { openStageOn, stepOf, type Stage, type StagePlace } from '../support/open-stage.ts';
import { approvalOf, flood, signed } from '../support/votes.ts';
import { badVotes } from './bad-votes.ts';

const GATES = `
apiVersion: muster/v1
name: gates
title: Two gates, one after the other
steps:
  - id: first
    approval: { title: First?, rules: [{ role: dr-manager, count: 1 }], exclude: [starter] }
  - id: second
    approval: { title: Second?, rules: [{ role: dr-manager, count: 2 }], exclude: [starter] }
  - { id: behind, check: 'true' }
`;
/** Emil holds both roles, and starts the run: he must not count. */
const STARTER = 'emil';

/** What became of a flood of bad votes at a gate. */
export interface VoteFlood {
  readonly sent: number;
  readonly counted: number;
  readonly refusedInRun: number;
  readonly refusedInStore: number;
  /** How many of each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly continuations: number;
  /** What the run came to when the right people had answered after the flood. */
  readonly outcome: string | undefined;
  readonly milliseconds: number;
}

/** Sends bad votes to a gate, straight to Temporal, and lets the right people answer afterwards. */
export async function floodWithBadVotes(
  place: StagePlace,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<VoteFlood> {
  const stage = await openStageOn(place, {});
  try {
    return await floodOn(stage, { seed, count });
  } finally {
    await stage.close();
  }
}

async function floodOn(stage: Stage, { seed, count }: { seed: number; count: number }): Promise<VoteFlood> {
  const begun = performance.now();
  const start = () => stage.start(GATES, { person: STARTER });
  const [runId, other] = [await start(), await start()];
  const sign = async (run: string, path: string, changes = {}): Promise<string> =>
    signed(stage, await approvalOf(stage, run, await stage.gate(run, path), { id: newVoteId(), ...changes }));
  const elsewhere = [await sign(other, 'first'), await sign(runId, 'first'), await sign(runId, 'first')];
  await stage.muster.vote({ runId, gate: 'first', decision: 'approve', person: 'carla' });
  const record = await stage.gate(runId, 'second');
  const good = await approvalOf(stage, runId, record);
  const byOthers = [
    await signed(stage, { ...good, id: newVoteId(), person: STARTER }),
    await signed(stage, { ...good, id: newVoteId(), person: 'dieter' }),
    await signed(stage, { ...good, id: newVoteId(), person: 'mallory' }),
    await signed(stage, { ...good, id: newVoteId(), person: 'dieter', for: 'boris' }),
  ];
  const { keys } = stage.data;
  const votes = await badVotes({ keys, good, elsewhere, byOthers }, { seed, count });
  await flood(
    stage,
    runId,
    votes.map(({ jws }) => ({ jws })),
  );
  const after = await stage.until(runId, ({ timeline }) => timeline.refused.total >= votes.length);
  const { refused, run, continuations } = after.timeline;
  const counted = stepOf(after, 'second').gate?.votes.length ?? 0;
  for (const person of ['boris', 'carla']) {
    await stage.muster.vote({ runId, gate: 'second', decision: 'approve', person });
  }
  // What was refused is written down before the next votes are looked at.
  const refusedInStore = await stage.data.stores.refusals.count(run.firstExecutionId);
  const kept = await stage.data.stores.refusals.of(run.firstExecutionId, count + 100);
  const reasons: Record<string, number> = {};
  for (const { refusal } of kept) reasons[refusal] = (reasons[refusal] ?? 0) + 1;
  const { outcome } = await stage.ended(runId);
  return {
    sent: votes.length,
    counted,
    refusedInRun: refused.total,
    refusedInStore,
    reasons,
    continuations,
    outcome,
    milliseconds: Math.round(performance.now() - begun),
  };
}
