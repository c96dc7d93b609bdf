import type { Outcome, StepRecord } from '../../model/run.ts';
import { styled } from './style.ts';

type Standing = Outcome | 'pending' | 'running' | 'waiting' | 'terminated';
type Mark = { readonly glyph: string; readonly format: Parameters<typeof styled>[0] };

/** Told apart by shape, too: not everybody sees the colours, and not every terminal has them. */
const MARKS: Readonly<Record<Standing, Mark>> = {
  pending: { glyph: '·', format: 'dim' },
  running: { glyph: '▸', format: 'cyan' },
  waiting: { glyph: '?', format: ['bold', 'yellow'] },
  succeeded: { glyph: '✓', format: 'green' },
  warned: { glyph: '!', format: 'yellow' },
  failed: { glyph: '✗', format: 'red' },
  skipped: { glyph: '-', format: 'dim' },
  cancelled: { glyph: '■', format: 'yellow' },
  rejected: { glyph: '✗', format: ['bold', 'red'] },
  terminated: { glyph: '■', format: 'red' },
};

/** Where a step stands, in one word. */
export function standingOf({ state, outcome }: Pick<StepRecord, 'state' | 'outcome'>): Standing {
  return state === 'ended' ? (outcome ?? 'succeeded') : state;
}

/** The sign in front of a step. */
export function glyphOf(standing: Standing): string {
  const { glyph, format } = MARKS[standing];
  return styled(format, glyph);
}

/** A word in the colour of its standing; a word that is no standing stays as it is. */
export function coloured(word: string): string {
  const mark = Object.entries(MARKS).find(([standing]) => standing === word)?.[1];
  return mark === undefined ? word : styled(mark.format, word);
}
