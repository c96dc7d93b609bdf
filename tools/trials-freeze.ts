import { freezeMany, type ManyFrozen } from '../test/trials/freeze.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startTemporal } from '../test/support/temporal.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

const OPEN_RUNS = 500;

interface FreezeState {
  readonly seed: number;
  readonly batch: number;
  readonly runs: number;
  readonly milliseconds: number;
  /** The longest time that setting a freeze took. */
  readonly slowestFreezeMs: number;
  readonly findings: readonly {
    readonly seed: number;
    readonly batch: number;
    readonly index: number;
    readonly seen: ManyFrozen;
  }[];
}

/** Freezes many open runs in the middle and lets them go on. */
export const freezeTrial: Trial = {
  name: 'freeze',
  summary: '500 open runs are frozen, lose their worker, and go on: nothing acts meanwhile',
  async run(options) {
    const { from, isOver, onBatch } = await begin<FreezeState>(options, {
      name: 'freeze',
      newState: (seed) => ({ seed, batch: 0, runs: 0, milliseconds: 0, slowestFreezeMs: 0, findings: [] }),
      summaryOf,
      textOf: ({ seen }) => JSON.stringify(seen, null, 2),
    });
    const temporal = await startTemporal(options.say);
    const postgres = await startPostgres();
    try {
      let state = from;
      do {
        const seen = await freezeMany({ ...temporal, databaseUrl: postgres.url }, { runs: OPEN_RUNS });
        options.say(JSON.stringify(seen));
        const isWell = seen.during === 0 && seen.succeeded === seen.runs;
        const finding = { seed: state.seed, batch: state.batch, index: 0, seen };
        state = {
          ...state,
          batch: state.batch + 1,
          runs: state.runs + seen.runs,
          milliseconds: state.milliseconds + seen.milliseconds,
          slowestFreezeMs: Math.max(state.slowestFreezeMs, seen.freezeMs),
          findings: isWell ? state.findings : [...state.findings, finding],
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

function summaryOf(state: FreezeState): string {
  const { runs, slowestFreezeMs, findings } = state;
  return `freeze: ${runs} runs in ${minutesOf(state)}, slowest freeze ${slowestFreezeMs} ms, ${findings.length} findings`;
}
