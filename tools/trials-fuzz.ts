import { fuzz, hasGrown, newState, type FuzzState } from '../test/trials/fuzz.ts';
import { begin, minutesOf } from './trials-course.ts';
import type { Trial } from './trials-kind.ts';

const MB = 1_024 * 1_024;

/** Hostile runbooks, expressions, templates, tables and patterns: no crash, no hang, no growth, only known answers. */
export const fuzzTrial: Trial = {
  name: 'fuzz',
  summary: 'hostile runbooks, expressions, tables and patterns',
  async run(options) {
    const { from, ...course } = await begin<FuzzState>(options, {
      name: 'fuzz',
      newState,
      summaryOf,
      textOf: ({ what, text }) => `${what}\n\n----\n${text}`,
    });
    const state = await fuzz(from, course);
    return { ok: state.findings.length === 0 && !hasGrown(state), summary: summaryOf(state) };
  },
};

function summaryOf(state: FuzzState): string {
  const { seed, cases, codes, findings, worst, heap } = state;
  const heapText = heap.warm === undefined ? '' : ` (${Math.round(heap.warm / MB)} MB when warm)`;
  return [
    `fuzz: seed ${seed}`,
    `${cases} inputs in ${minutesOf(state)}`,
    `${codes['ok'] ?? 0} with a result`,
    `${Object.keys(codes).length - 1} codes`,
    `${findings.length} findings`,
    `worst ${Math.round(worst.milliseconds)} ms CPU`,
    `heap ${Math.round(heap.last / MB)} MB${heapText}${hasGrown(state) ? ': GROWN' : ''}`,
  ].join(', ');
}
