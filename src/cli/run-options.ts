import { PURPOSES, type Mode, type Purpose } from '../model/runbook.ts';

/** The inputs of a run, given one by one. */
export const INPUT = {
  flags: '-i, --input <name=value>',
  says: 'an input of the runbook; a list or an object from @FILE.csv or @FILE.json',
  many: true,
} as const;

/** Why there is a run. */
export const PURPOSE = {
  flags: '--purpose <purpose>',
  says: 'why; default: exercise for a drill, planned for a live run',
  choices: PURPOSES,
} as const;

/** The purpose of a run that names none. */
export function usualPurpose(mode: Mode): Purpose {
  return mode === 'live' ? 'planned' : 'exercise';
}
