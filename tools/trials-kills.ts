import { killMany, type Killed } from '../test/trials/kills.ts';
import type { DatabaseKind } from '../test/trials/killed-site.ts';
import { startTemporal } from '../test/support/temporal.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

/** Kills of one muster, which is looked at afterwards. */
const KILLS_IN_A_BATCH = 20;
const KINDS: readonly DatabaseKind[] = ['named', 'embedded'];

interface KillsState {
  readonly seed: number;
  /** The number of the next batch; they take turns with the kinds of database. */
  readonly batch: number;
  /** By kind of database and by what was killed, as `named worker`. */
  readonly kills: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly entries: number;
  readonly commands: number;
  readonly asked: number;
  readonly milliseconds: number;
  readonly findings: readonly {
    readonly seed: number;
    readonly batch: number;
    readonly index: number;
    readonly seen: Killed;
  }[];
}

const NEW = {
  batch: 0,
  kills: {},
  runs: 0,
  entries: 0,
  commands: 0,
  asked: 0,
  milliseconds: 0,
  findings: [],
};

/** Kills worker, server and database while runs go on. */
export const killsTrial: Trial = {
  name: 'kills',
  summary: 'worker, server and database are killed while runs go on: the ledger holds, nothing is done twice',
  async run(options) {
    const { from, isOver, onBatch } = await begin<KillsState>(options, {
      name: 'kills',
      newState: (seed) => ({ seed, ...NEW }),
      summaryOf,
      textOf: ({ seen }) => JSON.stringify(seen, null, 2),
    });
    let state = from;
    do {
      const kind = KINDS[state.batch % KINDS.length] ?? 'named';
      const temporal = await startTemporal(options.say);
      const seen = await killMany(
        { ...temporal, kind },
        { kills: KILLS_IN_A_BATCH, seed: state.seed + state.batch, say: options.say },
      ).finally(() => temporal.stop());
      options.say(`${kind}: ${JSON.stringify(seen)}`);
      const kills = { ...state.kills };
      for (const [victim, count] of Object.entries(seen.kills)) {
        const name = `${kind} ${victim}`;
        kills[name] = (kills[name] ?? 0) + count;
      }
      const finding = { seed: state.seed, batch: state.batch, index: 0, seen };
      state = {
        ...state,
        batch: state.batch + 1,
        kills,
        runs: state.runs + seen.runs,
        entries: state.entries + seen.entries,
        commands: state.commands + seen.effects,
        asked: state.asked + Object.values(seen.asked).reduce((sum, count) => sum + count, 0),
        milliseconds: state.milliseconds + seen.milliseconds,
        findings: seen.wrong.length === 0 ? state.findings : [...state.findings, finding],
      };
      await onBatch(state);
    } while (!isOver());
    return { ok: state.findings.length === 0, summary: summaryOf(state) };
  },
};

function summaryOf(state: KillsState): string {
  const { seed, kills, runs, entries, commands, asked, findings } = state;
  const counts = Object.entries(kills)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  return `kills: seed ${seed}, ${counts} in ${minutesOf(state)}; ${runs} runs, ${commands} commands, ${entries} entries, people asked ${asked} times, ${findings.length} findings`;
}
