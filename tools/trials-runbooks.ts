import { newRunbooksState, tryRunbooks, type RunbooksState } from '../test/trials/runbooks.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startTemporal } from '../test/support/temporal.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

/** Random runbooks on a real Temporal server and by the reference interpreter: every step ends alike. */
export const runbooksTrial: Trial = {
  name: 'runbooks',
  summary: 'random runbooks on a real server, compared with the reference interpreter',
  async run(options) {
    const { from, ...course } = await begin<RunbooksState>(options, {
      name: 'runbooks',
      newState: newRunbooksState,
      summaryOf,
      textOf,
    });
    const temporal = await startTemporal(options.say);
    const postgres = await startPostgres();
    try {
      const state = await tryRunbooks(
        from,
        { ...temporal, databaseUrl: postgres.url },
        { ...course, signal: options.signal },
      );
      return { ok: state.findings.length === 0, summary: summaryOf(state) };
    } finally {
      await postgres.stop();
      await temporal.stop();
    }
  },
};

function summaryOf(state: RunbooksState): string {
  const { seed, runs, findings } = state;
  return `runbooks: seed ${seed}, ${runs} runs in ${minutesOf(state)}, ${findings.length} findings`;
}

function textOf({ engine, reference, continueAfter, lines }: RunbooksState['findings'][number]): string {
  const what = typeof engine === 'string' ? engine : 'The engine took another way than the reference.';
  return [
    what,
    `continueAfter: ${continueAfter ?? 'none'}`,
    '---- engine',
    JSON.stringify(engine, null, 2),
    '---- reference',
    JSON.stringify(reference, null, 2),
    '---- runbook',
    lines,
  ].join('\n');
}
