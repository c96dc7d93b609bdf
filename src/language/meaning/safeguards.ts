import { specOf } from '../../catalog/index.ts';
import type { ActionSpec } from '../../catalog/index.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Draft } from '../shape/draft.ts';
import { modesOf } from './modes.ts';
import type { Place } from './places.ts';

/** Tells of what a careful author would not leave out. */
export function checkSafeguards(draft: Draft, places: readonly Place[], report: Reporter): void {
  checkObjectives(draft, places, report);
  checkCleanup(places, report);
  checkCover(places, report);
  checkAuthors(draft, places, report);
}

/** An objective that nothing is measured against. */
function checkObjectives(
  { objectives, objectivesAt }: Draft,
  places: readonly Place[],
  report: Reporter,
): void {
  if (objectives?.rtoMs === undefined || objectivesAt === undefined) return;
  const isMarked = places.some(({ step, phase }) => phase === 'steps' && step.marks?.recovered !== undefined);
  if (isMarked) return;
  const message = 'There is an `rto`, but no step says when the application is back.';
  const hint = 'Give the step that shows it works marks: { recovered: NAME }.';
  report.add('OBJECTIVE_UNMARKED', objectivesAt, message, hint);
}

/** A drill that moves machines and leaves them where they are. */
function checkCleanup(places: readonly Place[], report: Reporter): void {
  const cleansUp = places.some((place) => place.phase === 'cleanup' && commandOf(place) !== undefined);
  if (cleansUp) return;
  for (const place of places) {
    const command = commandOf(place);
    if (command === undefined || place.phase !== 'steps' || !movesMachines(command.spec)) continue;
    if (command.hasRollback || !modesOf(place).includes('drill')) continue;
    const message = `A drill with \`${place.step.id}\` moves machines, and nothing brings them back.`;
    const hint = 'Put what undoes it under `cleanup`, or give the step modes: [live].';
    report.add('CLEANUP_MISSING', place.step.at, message, hint);
    return;
  }
}

/**
 * A command of a live run that no approval covers, where approvals cover others. A runbook without any is meant to run
 * unattended, or in drills; the start of a live run knows.
 */
function checkCover(places: readonly Place[], report: Reporter): void {
  const covered = new Set<string>();
  for (const place of places) {
    const { body } = place.step;
    if (body.kind !== 'approval' || !modesOf(place).includes('live')) continue;
    for (const { text } of body.covers) covered.add(text);
  }
  if (covered.size === 0) return;
  for (const place of places) {
    const command = commandOf(place);
    if (command?.spec.impact !== 'production' || covered.has(place.step.id)) continue;
    if (!modesOf(place).includes('live')) continue;
    const message = `\`${place.step.id}\` touches production, and no approval covers it: no live run can start.`;
    const hint = 'Name it under `covers` of an approval before it, or give it modes: [drill].';
    report.add('COVER_MISSING', place.step.at, message, hint);
  }
}

/** An approval that excludes authors nobody has named: it would exclude nobody. */
function checkAuthors({ authors }: Draft, places: readonly Place[], report: Reporter): void {
  if (authors !== undefined && authors.length > 0) return;
  for (const { step } of places) {
    if (step.body.kind !== 'approval' || !step.body.exclude.includes('author')) continue;
    const message = `\`${step.id}\` excludes the authors, and the runbook does not say who they are.`;
    report.add('REQUIRED', step.at, message, 'Write authors: [anna] at the top.');
  }
}

function commandOf({
  step: { body },
}: Place): { readonly spec: ActionSpec; readonly hasRollback: boolean } | undefined {
  if (body.kind !== 'uses' || body.action === undefined) return undefined;
  const spec = specOf(body.action);
  return spec.effect === 'command' ? { spec, hasRollback: body.rollback !== undefined } : undefined;
}

/** Whether machines are somewhere else afterwards: what can be taken back, or leads to another state. */
function movesMachines({ impact, undo, leadsTo, target, irreversible }: ActionSpec): boolean {
  // What cannot be undone is refused in drills anyway.
  if (impact !== 'production' || irreversible === true) return false;
  const isMove = leadsTo !== undefined && !leadsTo.includes('default');
  return isMove || (target?.kind === 'replica' && undo === 'discardsChanges');
}
