import type { z } from 'zod';
import { isActionName, specOf, type ActionName } from '../../catalog/index.ts';
import type { Scope } from '../../model/expression.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Accept, Mode, UsesStep } from '../../model/runbook.ts';
import { BY_HAND } from './by-hand.ts';
import { counted, spokenDuration, spokenExpression, spokenText, spokenValue } from './spoken.ts';

/** What a step of the runbook around it is told about the commands in it. */
export interface ActionContext {
  readonly scope: Scope;
  readonly mode: Mode | undefined;
  /** The number of the approval that covers the step at a path. */
  readonly approvalOf: (path: string) => string | undefined;
}

/** Whether a step can touch production, in what it does. */
export function isProduction({ action: { effect, impact } }: UsesStep): boolean {
  return effect === 'command' && impact === 'production';
}

/** Whether what a step does cannot be taken back in any way. */
export function isIrreversible({ uses }: UsesStep): boolean {
  return isActionName(uses) && specOf(uses).irreversible === true;
}

/** What a step that uses an action does, in sentences. */
export function explainAction(step: UsesStep, context: ActionContext): string[] {
  const { uses, connection, action, with: given, settle, rollback } = step;
  const summary = isActionName(uses) ? specOf(uses).summary : '';
  const values = [...Object.entries(given), ...usualOf(uses, given)].map(
    ([key, value]) => `${key}: ${spokenValue(value, context.scope)}`,
  );
  const on = connection === undefined ? '' : ` on ${connection}`;
  return [
    ...(summary === step.title ? [] : [summary]),
    `It uses ${uses}${on}${values.length === 0 ? '' : `, with ${values.join('; ')}`}.`,
    ...(action.effect === 'command' ? explainCommand(step, context) : []),
    ...explainTimes(step),
    ...(settle === false ? ['It is not watched after it was sent.'] : []),
    ...explainAccept(step.accept),
    ...(rollback === undefined
      ? []
      : [`If it has to be taken back: ${spokenText(rollback.title, context.scope)} (${rollback.uses}).`]),
  ];
}

function explainCommand(step: UsesStep, { mode, approvalOf }: ActionContext): string[] {
  const { impact, undo } = step.action;
  const approval = approvalOf(step.path);
  return [
    ...(impact === 'production'
      ? ['PRODUCTION: it changes a production system.', explainLeave(approval, mode)]
      : impact === 'isolated'
        ? ['It changes something, but no production system.']
        : []),
    ...(isIrreversible(step) ? ['It CANNOT be undone.'] : []),
    ...(undo === 'discardsChanges' ? ['It can be undone, but what was written meanwhile is lost then.'] : []),
  ];
}

function explainLeave(approval: string | undefined, mode: Mode | undefined): string {
  if (approval !== undefined) return `It happens only after the yes of step ${approval}.`;
  const drill = 'in a drill only on what the configuration lists for drills';
  const live = 'in a live run only if the configuration lets this runbook run unattended';
  return `No approval covers it: ${mode === undefined ? `${drill}, ${live}` : mode === 'drill' ? drill : live}.`;
}

function explainTimes({ action, timeoutMs, until, retry }: UsesStep): string[] {
  const { effect, settlesBy } = action;
  if (effect === 'notify') {
    const tried = spokenDuration(timeoutMs ?? action.timeoutMs);
    return [`It is tried for up to ${tried}; if nobody can be told, the run goes on with a warning.`];
  }
  const isWatched = effect === 'watch' || (effect === 'command' && settlesBy !== undefined);
  const long = spokenDuration(timeoutMs ?? action.timeoutMs);
  return [
    ...(until === undefined
      ? [isWatched ? `It is watched for up to ${long}.` : `It may take up to ${long}.`]
      : [
          `It is repeated every ${spokenDuration(until.everyMs)} until it succeeds` +
            `${until.if === undefined ? '' : ` and this holds: ${spokenExpression(until.if)}`}, for up to ${spokenDuration(until.withinMs)}.`,
        ]),
    ...(retry === undefined
      ? []
      : [`When it fails, it is tried again, ${counted(retry.attempts, 'time')} in all.`]),
  ];
}

function explainAccept(accept: Accept | undefined): string[] {
  if (accept === undefined) return [];
  return [
    accept.warnings ? 'An end with warnings is good enough.' : 'An end with warnings is not good enough.',
    ...(accept.if === undefined
      ? []
      : [`So is an end with errors, if this holds: ${spokenExpression(accept.if)}`]),
  ];
}

/** How somebody does it without muster. */
export function byHand({ uses, with: given }: UsesStep, scope: Scope): string | undefined {
  if (!isActionName(uses)) return undefined;
  const values = { ...defaultsOf(uses), ...given };
  return BY_HAND[uses].replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? '…' : spokenValue(value, scope);
  });
}

/** The defaults that say something; that an option is not taken is no news. */
function usualOf(uses: string, given: JsonObject): [name: string, value: Json][] {
  const defaults = isActionName(uses) ? Object.entries(defaultsOf(uses)) : [];
  return defaults.filter(
    ([name, value]) =>
      !Object.hasOwn(given, name) &&
      (typeof value === 'number' || (typeof value === 'string' && value !== '')),
  );
}

function defaultsOf(action: ActionName): JsonObject {
  const shape: Record<string, z.ZodType> = specOf(action).input.shape;
  const defaults = Object.entries(shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(undefined);
    return read.success && read.data !== undefined ? [[name, read.data as Json] as const] : [];
  });
  return Object.fromEntries(defaults);
}
