import { floodWithBadVotes, type VoteFlood } from '../test/trials/votes.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startTemporal } from '../test/support/temporal.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

/** Bad votes of one flood; more signals than one execution of a run takes. */
const VOTES_IN_A_FLOOD = 5_000;

interface VotesState {
  readonly seed: number;
  /** The number of the next flood. */
  readonly batch: number;
  readonly votes: number;
  readonly milliseconds: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly seed: number;
    readonly batch: number;
    readonly index: number;
    readonly flood: VoteFlood;
  }[];
}

/** Floods of bad votes at a gate of a real run: none counts, each is kept, and the gate still opens. */
export const votesTrial: Trial = {
  name: 'votes',
  summary: 'floods of 5,000 bad votes at a gate: none counts, all are kept, the gate still opens',
  async run(options) {
    const { from, isOver, onBatch } = await begin<VotesState>(options, {
      name: 'votes',
      newState: (seed) => ({ seed, batch: 0, votes: 0, milliseconds: 0, reasons: {}, findings: [] }),
      summaryOf,
      textOf: ({ flood }) => JSON.stringify(flood, null, 2),
    });
    const temporal = await startTemporal(options.say);
    const postgres = await startPostgres();
    try {
      let state = from;
      do {
        const place = { ...temporal, databaseUrl: postgres.url };
        const seed = state.seed + state.batch;
        const flood = await floodWithBadVotes(place, { seed, count: VOTES_IN_A_FLOOD });
        const { sent, counted, refusedInRun, refusedInStore, outcome, milliseconds } = flood;
        options.say(`flood ${state.batch}: ${JSON.stringify(flood)}`);
        const isWell =
          counted === 0 && refusedInRun === sent && refusedInStore === sent && outcome === 'succeeded';
        const reasons = { ...state.reasons };
        for (const [name, count] of Object.entries(flood.reasons)) {
          reasons[name] = (reasons[name] ?? 0) + count;
        }
        state = {
          ...state,
          batch: state.batch + 1,
          votes: state.votes + sent,
          milliseconds: state.milliseconds + milliseconds,
          reasons,
          findings: isWell
            ? state.findings
            : [...state.findings, { seed, batch: state.batch, index: 0, flood }],
        };
        await onBatch(state);
      } while (!isOver());
      return { ok: state.findings.length === 0, summary: summaryOf(state) };
    } finally {
      await postgres.stop();
      await temporal.stop();
    }
  },
};

function summaryOf(state: VotesState): string {
  const { seed, votes, reasons, findings } = state;
  const counts = Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  return `votes: seed ${seed}, ${votes} bad votes in ${minutesOf(state)}, ${findings.length} findings (${counts})`;
}
