import { specOf, type System } from '../../catalog/index.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Draft, UsesDraft } from '../shape/draft.ts';
import { scalarsIn } from '../yaml/tree.ts';
import { checkCovers } from './covers.ts';
import { Expressions } from './expressions.ts';
import { Names } from './names.ts';
import { isLoop, placesOf, type LoopPlace, type Place } from './places.ts';
import { checkWith } from './with.ts';

/** Checks what the steps mean together: names, actions, connections, approvals. */
export function checkMeaning(draft: Draft, text: string, report: Reporter): void {
  const places = placesOf(draft);
  const byId = new Map(places.map((place) => [place.step.id, place]));
  const names = new Names(draft, byId);
  const expressions = new Expressions({ text, names, report });
  for (const place of places) checkStep(place, { draft, byId, expressions, report });
  for (const root of ['inputs', 'vars'] as const) {
    for (const [name, { at }] of draft[root]) {
      if (names.used.has(`${root}.${name}`)) continue;
      report.add('UNUSED', at, `Nothing refers to \`${root}.${name}\`.`);
    }
  }
}

interface Context {
  readonly draft: Draft;
  readonly byId: ReadonlyMap<string, Place>;
  readonly expressions: Expressions;
  readonly report: Reporter;
}

function checkStep(place: Place, context: Context): void {
  const { expressions } = context;
  const { title, if: condition, body } = place.step;
  if (title !== undefined) expressions.title(title, place);
  if (condition !== undefined) expressions.bare(condition, place);
  switch (body.kind) {
    case 'uses':
      checkUses(body, place, context);
      return;
    case 'approval':
      if (body.title !== undefined) expressions.title(body.title, place);
      checkCovers(body, place, context);
      return;
    case 'check':
      if (body.check !== undefined) expressions.bare(body.check, place);
      return;
    case 'forEach':
      if (isLoop(place)) checkLoop(place, context);
      return;
    case 'wait':
    case 'steps':
    case 'parallel':
    case 'broken':
      return;
  }
}

function checkLoop(place: LoopPlace, { draft, expressions, report }: Context): void {
  const { items, key } = place.step.body;
  if (key !== undefined) expressions.key(key, place);
  if (items === undefined) return;
  const [reference] = expressions.template(items, place);
  const input = reference?.path[0] === 'inputs' ? draft.inputs.get(reference.path[1] ?? '') : undefined;
  if (input === undefined || input.value.type === 'list' || reference?.path.length !== 2) return;
  const message = `\`inputs.${reference.path[1] ?? ''}\` is no list: its type is \`${input.value.type}\`.`;
  report.add('TYPE', items.node, message, 'Declare it as { type: list, of: … }.');
}

/** What people call the servers that actions need. */
const SYSTEMS: Readonly<Record<System, string>> = {
  vro: 'an Orchestrator',
  vbr: 'a backup server',
  one: 'a Veeam ONE server',
};

function checkUses(body: UsesDraft, place: Place, { draft, expressions, report }: Context): void {
  const { action, withNode, connection, until } = body;
  for (const node of withNode === undefined ? [] : scalarsIn(withNode)) {
    if (typeof node.value === 'string') expressions.template({ text: node.value, node }, place);
  }
  if (until?.if !== undefined) expressions.until(until.if, place);
  if (body.accept?.if !== undefined) expressions.accept(body.accept.if, place);
  if (action === undefined) return;
  checkWith({ ...body, action }, draft, report);
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
