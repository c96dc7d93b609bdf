import { CATALOG, specOf, type ActionSpec } from '../../../catalog/index.ts';
import { MODES } from '../../../model/runbook.ts';
import type { Reporter } from '../../diagnostics.ts';
import { modesOf } from '../modes.ts';
import type { Place } from '../places.ts';
import type { Event, Path } from './paths.ts';
import { describeState } from './plan-state.ts';
import { plansOf, type Plan } from './plans.ts';
import { illegalMoves, type Illegal } from './walk.ts';

/** A long runbook has a way or two to each of its steps; one with many more is not followed to its end. */
const MAX_VISITS = 20_000;

/**
 * Follows each plan through the runbook, on the ways that the runbook itself has (conditions, modes, failures that do
 * not stop it, rollbacks, an early end with cleanup), and tells where a command would meet it in a state in which it
 * is not legal. What people decide at gates is not followed. It begins where the first command is legal.
 */
export function checkMoves(places: readonly Place[], report: Reporter): void {
  const plans = plansOf(places);
  if (plans.length === 0) return;
  const byHand = places.find(({ step: { body } }) => body.kind === 'manual' || body.kind === 'runbook');
  const budget = { left: MAX_VISITS };
  for (const plan of plans) {
    const found = new Map<Place, Illegal[]>();
    for (const mode of MODES) {
      for (const illegal of illegalMoves(plan, mode, budget)) {
        found.set(illegal.place, [...(found.get(illegal.place) ?? []), illegal]);
      }
    }
    for (const [place, all] of found) {
      const [illegal] = all;
      if (illegal === undefined) continue;
      const isEverywhere = all.length === modesOf(place).length;
      const isBeforeHands = byHand === undefined || place.first < byHand.first;
      const severity = isEverywhere && isBeforeHands && all.every(isCertain) ? 'error' : 'warning';
      const { message, hint } = sentenceOf(illegal, plan, isEverywhere);
      report.add('ILLEGAL_MOVE', rangeOf(illegal), message, hint, severity);
    }
  }
}

/** Whether it rests on nothing but what the vendor says, and there is no other way to get there. */
function isCertain({ isAlways, isRollback, spec, place, path }: Illegal): boolean {
  const isStated = path.isCertain && spec.legal?.confidence === 'A';
  const isPlain = place.phase === 'steps' && place.step.if === undefined;
  return isAlways && !isRollback && isStated && isPlain && !mayHaveBeenDone(path, spec);
}

/** Whether a command before may have found its goal reached, and left the plan where this one is legal. */
function mayHaveBeenDone({ events }: Path, { legal }: ActionSpec): boolean {
  const states: readonly string[] = legal?.states ?? [];
  for (let event = events; event !== undefined; event = event.before) {
    const { body } = event.place.step;
    if (event.what !== 'did' || body.kind !== 'uses' || body.action === undefined) continue;
    const { doneIn = [] } = specOf(body.action);
    if (doneIn.some((position) => states.includes(position))) return true;
  }
  return false;
}

function rangeOf({ place, isRollback }: Illegal): Place['step']['at'] {
  const { at, body } = place.step;
  return isRollback && body.kind === 'uses' && body.rollback !== undefined ? body.rollback.at : at;
}

/** The counter-example: what happens, where the plan stands then, and why that does not do. */
function sentenceOf(
  { place, isRollback, spec, mode, path }: Illegal,
  { written }: Plan,
  isEverywhere: boolean,
): { message: string; hint: string | undefined } {
  const { legal } = spec;
  const what = isRollback ? `taking \`${place.step.id}\` back` : `\`${place.step.id}\``;
  const how = [...(isEverywhere ? [] : [`in a ${mode} run`]), ...circumstances(path.events)];
  const states = legal?.states.join(', ') ?? '';
  const wanted = `${states}${legal?.enabled === true ? ', and enabled' : ''}`;
  const message =
    `${capitalised([...how, `${what} would meet ${planName(written)} in ${describeState(path.state)}`].join(', '))}; ` +
    `\`${nameOf(spec)}\` is legal only in ${wanted} (confidence ${legal?.confidence ?? ''}).`;
  return { message, hint: hintFor(spec, path, isRollback) };
}

/** `when x is skipped`, `after y`: what strays from the plain way, or else what came last. */
function circumstances(last: Event | undefined): string[] {
  const events: Event[] = [];
  for (let event = last; event !== undefined; event = event.before) events.unshift(event);
  const strays = events.flatMap(({ place, what }, index) => {
    const { id } = place.step;
    switch (what) {
      case 'skipped':
        return [`when \`${id}\` is skipped`];
      case 'failed':
        return [`when \`${id}\` fails`];
      case 'ended':
        return events[index - 1]?.what === 'failed' ? [] : [`when the run ends after \`${id}\``];
      case 'did':
        return [];
    }
  });
  const mover = events.findLast(({ what }) => what === 'did');
  if (strays.length > 0) return strays;
  return mover === undefined ? [] : [`after \`${mover.place.step.id}\``];
}

function hintFor(spec: ActionSpec, path: Path, isRollback: boolean): string | undefined {
  const stray = path.events?.what;
  if (isRollback) return 'What cannot be taken back any more must not have a `rollback`.';
  if (stray === 'skipped') return 'Give both steps the same `if`.';
  if (stray === 'failed') {
    const id = path.events?.place.step.id ?? '';
    return `Let the run stop when \`${id}\` fails, or ask first: if: steps.${id}.outcome == "succeeded".`;
  }
  const needsEnabled = spec.legal?.enabled === true && path.state?.position === 'default';
  if (needsEnabled) return 'Enable the plan before it: uses: vro.enable.';
  const leads = Object.keys(CATALOG).filter((name) => leadsToLegal(name, spec));
  return leads.length === 0 ? undefined : `What leads there: ${leads.join(', ')}.`;
}

function leadsToLegal(name: string, { legal }: ActionSpec): boolean {
  const { leadsTo, effect, impact } = specOf(name as keyof typeof CATALOG);
  const isMove = effect === 'command' && impact === 'production';
  return isMove && (leadsTo?.some((position) => legal?.states.includes(position)) ?? false);
}

function nameOf(spec: ActionSpec): string {
  return Object.entries(CATALOG).find(([, one]) => one === spec)?.[0] ?? '';
}

/** `ERP` as it is, a template by what it names. */
function planName(written: string): string {
  const lone = /^\$\{\{\s*([^}]*?)\s*\}\}$/.exec(written)?.[1];
  return lone === undefined ? `the plan ${written}` : `the plan \`${lone}\``;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
