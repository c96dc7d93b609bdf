import { evidenceBundle } from '../test/ledger/evidence-run.ts';
import { tryMutation } from '../test/ledger/mutations.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

/** What the state is kept after: about three seconds. */
const MUTATIONS_IN_A_BATCH = 500;

interface EvidenceState {
  readonly seed: number;
  readonly batch: number;
  readonly mutations: number;
  readonly milliseconds: number;
  /** How often each kind was tried. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly seed: number;
    readonly batch: number;
    readonly index: number;
    readonly what: string;
  }[];
}

/** Random changes of bundles and of copies of a ledger: each is found, and its place is named. */
export const evidenceTrial: Trial = {
  name: 'evidence',
  summary: 'bundles and ledgers changed at random: each change is found, and its place named',
  async run(options) {
    const { from, isOver, onBatch } = await begin<EvidenceState>(options, {
      name: 'evidence',
      newState: (seed) => ({ seed, batch: 0, mutations: 0, milliseconds: 0, kinds: {}, findings: [] }),
      summaryOf,
      textOf: ({ what, index }) => `${what}\n\nmutation ${index}`,
    });
    const stock = await evidenceBundle();
    let state = from;
    do {
      const began = performance.now();
      const kinds = { ...state.kinds };
      const findings = [...state.findings];
      for (let index = 0; index < MUTATIONS_IN_A_BATCH; index += 1) {
        const number = state.seed + state.batch * MUTATIONS_IN_A_BATCH + index;
        const { what, problem } = tryMutation(number, stock);
        kinds[what] = (kinds[what] ?? 0) + 1;
        if (problem?.file === undefined) {
          const missed = problem === undefined ? 'not found' : 'found without its place';
          findings.push({ seed: state.seed, batch: state.batch, index: number, what: `${missed}: ${what}` });
        }
      }
      state = {
        ...state,
        batch: state.batch + 1,
        mutations: state.mutations + MUTATIONS_IN_A_BATCH,
        milliseconds: state.milliseconds + Math.round(performance.now() - began),
        kinds,
        findings,
      };
      await onBatch(state);
    } while (!isOver());
    return { ok: state.findings.length === 0, summary: summaryOf(state) };
  },
};

function summaryOf(state: EvidenceState): string {
  const { seed, mutations, kinds, findings } = state;
  return `evidence: seed ${seed}, ${mutations} mutations of ${Object.keys(kinds).length} kinds in ${minutesOf(state)}, ${findings.length} findings`;
}
