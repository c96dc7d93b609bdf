import { specOf, type System } from '../../catalog/index.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Library } from '../library.ts';
import type { Draft, RollbackDraft, UsesDraft } from '../shape/draft.ts';
import type { Text } from '../shape/values.ts';
import { scalarsIn, type Node } from '../yaml/tree.ts';
import { checkChild } from './child.ts';
import { checkCovers } from './covers.ts';
import { Expressions } from './expressions.ts';
import { Guards } from './guards.ts';
import { checkMoves } from './moves/check-moves.ts';
import { Names } from './names.ts';
import { isLoop, loopsAround, placeAtEnd, placesOf, type LoopPlace, type Place } from './places.ts';
import { checkReach } from './reach.ts';
import { checkSafeguards } from './safeguards.ts';
import { checkSchedules } from './schedules.ts';
import { checkSecrets } from './secrets.ts';
import { Types } from './types/roots.ts';
import { checkWith } from './with.ts';

/** Checks what the steps mean together: names, actions, connections, approvals. */
export function checkMeaning(
  draft: Draft,
  { text, library }: { text: string; library: Library },
  report: Reporter,
): void {
  const places = placesOf(draft);
  const byId = new Map(places.map((place) => [place.step.id, place]));
  const names = new Names(draft, byId, library);
  const types = new Types(draft, byId, library);
  const guards = new Guards(draft, byId);
  const expressions = new Expressions({ text, names, types, guards, report });
  const context = { draft, byId, expressions, library, report };
  for (const place of places) checkStep(place, context);
  for (const { value } of draft.outputs.values()) {
    for (const output of textsOf(value)) expressions.outputs(output, placeAtEnd(places));
  }
  for (const root of ['inputs', 'vars'] as const) {
    for (const [name, { at, value }] of draft[root]) {
      // What is asked for at the end may be for the record only.
      const isForTheRecord = root === 'inputs' && 'requiredBy' in value;
      if (isForTheRecord || names.used.has(`${root}.${name}`)) continue;
      report.add('UNUSED', at, `Nothing refers to \`${root}.${name}\`.`);
    }
  }
  checkSchedules(draft, report);
  checkSecrets(draft, places, expressions, report);
  checkReach(places, report);
  checkSafeguards(draft, places, report);
  // What the plan is in is known only when every step is.
  if (!report.hasErrors) checkMoves(places, report);
}

interface Context {
  readonly draft: Draft;
  readonly byId: ReadonlyMap<string, Place>;
  readonly expressions: Expressions;
  readonly library: Library;
  readonly report: Reporter;
}

function checkStep(place: Place, context: Context): void {
  const { expressions } = context;
  const { title, if: condition, body } = place.step;
  if (title !== undefined) expressions.title(title, place);
  if (condition !== undefined) expressions.bare(condition, place, '`if`');
  switch (body.kind) {
    case 'uses':
      checkUses(body, place, context);
      return;
    case 'approval':
      if (body.title !== undefined) expressions.title(body.title, place);
      checkCovers(body, place, context);
      return;
    case 'check':
      if (body.check !== undefined) expressions.bare(body.check, place, '`check`');
      return;
    case 'manual':
      if (body.title !== undefined) expressions.title(body.title, place);
      if (body.instructions !== undefined) expressions.template(body.instructions, place);
      return;
    case 'wait':
      if (body.duration !== undefined) expressions.textual(body.duration, place, '`wait`');
      if (body.until !== undefined && 'moment' in body.until) {
        expressions.textual(body.until.moment, place, '`until`');
      }
      return;
    case 'forEach':
      if (isLoop(place)) checkLoop(place, context);
      return;
    case 'runbook':
      checkChild(body, place, context);
      return;
    case 'steps':
    case 'parallel':
    case 'broken':
      return;
  }
}

function checkLoop(place: LoopPlace, { expressions, report }: Context): void {
  const { items, key, as } = place.step.body;
  if (as !== undefined && loopsAround(place).some(({ step }) => step.body.as === as)) {
    const message = `The loop around this one calls its item \`${as}\`, too.`;
    report.add('ID', place.step.at, message, 'Choose another name.');
  }
  if (key !== undefined) expressions.key(key, place);
  if (items !== undefined) expressions.items(items, place);
}

/** What people call the servers that actions need. */
const SYSTEMS: Readonly<Record<System, string>> = {
  vro: 'an Orchestrator',
  vbr: 'a backup server',
  one: 'a Veeam ONE server',
};

function checkUses(body: UsesDraft, place: Place, context: Context): void {
  const { draft, expressions, report } = context;
  const { action, withNode, connection, until, rollback } = body;
  for (const text of withNode === undefined ? [] : textsOf(withNode)) expressions.template(text, place);
  if (until?.if !== undefined) expressions.until(until.if, place);
  if (body.accept?.if !== undefined) expressions.accept(body.accept.if, place);
  if (rollback !== undefined) checkRollback(rollback, place, context);
  if (action === undefined) return;
  checkWith({ ...body, action }, place, { expressions, report });
  const { system } = specOf(action);
  if (system === undefined || connection !== undefined || Object.hasOwn(draft.connections, system)) return;
  const message = `\`${action}\` needs a connection to ${SYSTEMS[system]}.`;
  report.add(
    'CONNECTION_MISSING',
    body.uses.node,
    message,
    `Declare it at the top: connections: { ${system}: … }.`,
  );
}

/** What takes a step back is rendered after the step: it may speak of what the step answered. */
function checkRollback({ title, body }: RollbackDraft, place: Place, context: Context): void {
  if (title !== undefined) context.expressions.title(title, place);
  checkUses(body, { ...place, takesBack: place }, context);
}

function textsOf(node: Node): Text[] {
  return [...scalarsIn(node)].flatMap((scalar) =>
    typeof scalar.value === 'string' ? [{ text: scalar.value, node: scalar }] : [],
  );
}
