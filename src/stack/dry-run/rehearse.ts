import { nextWindow } from '../../../activities/window.ts';
import type { DryRunStep } from '../../cli/dry-run-report.ts';
import type { PersonConfig } from '../../config/index.ts';
import type { Library } from '../../language/index.ts';
import { formatDuration } from '../../model/duration.ts';
import { ExpressionError } from '../../model/expression.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { iterationOf, nameItems } from '../../model/loop.ts';
import type { Phase } from '../../model/run.ts';
import type { CheckStep, ForEachStep, RunbookStep, Step, UsesStep, WaitStep } from '../../model/runbook.ts';
import { rehearseAction, type ActionParts } from './actions.ts';
import { laterBecause, shown, type Finding } from './finding.ts';
import type { Known } from './known.ts';
import { rehearseApproval, rehearseManual } from './people.ts';

/** Of a loop only so many items are rehearsed: the others are alike, and somebody waits. */
const MAX_ITEMS = 10;

/** What a rehearsal is made with. */
export interface RehearsalParts extends ActionParts {
  readonly people: readonly PersonConfig[];
  readonly library: Library;
  readonly now: number;
  /** Told of each step before it is looked at. */
  readonly onStep: (path: string) => void;
  /** Rehearses a runbook that a step runs; paths begin in that runbook. */
  readonly child: (step: RunbookStep, given: Json, depth: number) => Promise<readonly DryRunStep[]>;
}

interface Place {
  readonly known: Known;
  readonly phase: Phase;
  readonly depth: number;
}

/** Goes through steps in their order and finds out what each would do now. Only reads are sent. */
export async function rehearse(
  steps: readonly Step[],
  place: Place,
  parts: RehearsalParts,
): Promise<DryRunStep[]> {
  const found: DryRunStep[] = [];
  for (const step of steps) found.push(...(await rehearseStep(step, place, parts)));
  return found;
}

async function rehearseStep(step: Step, place: Place, parts: RehearsalParts): Promise<DryRunStep[]> {
  parts.signal.throwIfAborted();
  parts.onStep(step.path);
  const { known, depth } = place;
  const at = { path: step.path, title: known.title(step.title), depth };
  const { mode } = parts.run;
  if (step.modes !== undefined && !step.modes.includes(mode)) {
    known.keep(step.id, { outcome: 'skipped' });
    return [
      {
        ...at,
        verdict: 'skip',
        says: [`It does not happen in a ${mode === 'live' ? 'live run' : 'drill'}.`],
      },
    ];
  }
  try {
    const unsure: string[] = [];
    if (step.if !== undefined) {
      const holds = known.holds(step.if);
      if ('dependsOn' in holds) {
        unsure.push(`Only if this holds then: ${step.if}`);
      } else if (!holds.value) {
        known.keep(step.id, { outcome: 'skipped' });
        return [{ ...at, verdict: 'skip', says: [`This does not hold: ${step.if}`] }];
      }
    }
    const before = [...unsure, ...(step.window === undefined ? [] : [windowOf(step, parts.now)])];
    const [own, ...inside] = await rehearseKind(step, place, parts);
    return [{ ...at, ...own, says: [...before, ...own.says] }, ...inside];
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return [{ ...at, verdict: 'blocked', says: [error.message], code: 'step.expressionFailed' }];
  }
}

function windowOf({ window }: Step, now: number): string {
  if (window === undefined) return '';
  const { opensAt, beginBy } = nextWindow(window, now);
  const until = new Date(beginBy).toISOString();
  return opensAt <= now
    ? `It could begin now; its window is open until ${until}.`
    : `It would wait for its window: ${new Date(opensAt).toISOString()} to ${until}.`;
}

type KindFound = readonly [Finding, ...DryRunStep[]];

async function rehearseKind(step: Step, place: Place, parts: RehearsalParts): Promise<KindFound> {
  const { known, depth } = place;
  const inside = { ...place, depth: depth + 1 };
  switch (step.kind) {
    case 'uses':
      return [await rehearseUses(step, place, parts)];
    case 'approval':
      return [rehearseApproval(step, parts.people, parts.run.starter)];
    case 'manual':
      return [rehearseManual(step, parts.people)];
    case 'wait':
      return [rehearseWait(step, known)];
    case 'check':
      return [rehearseCheck(step, known)];
    case 'steps':
      return [{ verdict: 'would', says: [] }, ...(await rehearse(step.steps, inside, parts))];
    case 'parallel':
      return [
        { verdict: 'would', says: ['Side by side:'] },
        ...(await rehearse(step.branches, inside, parts)),
      ];
    case 'forEach':
      return rehearseLoop(step, inside, parts);
    case 'runbook': {
      const given = known.render(step.with);
      if ('dependsOn' in given) return [laterBecause(given.dependsOn, 'What it is given')];
      const says = [`It would run ${step.runbook}, with ${shown(given.value)}.`];
      const below = await parts.child(step, given.value, depth + 1);
      const inner = below.map((one) => ({ ...one, path: `${step.path}/${one.path}` }));
      return [{ verdict: 'would', says }, ...inner];
    }
  }
}

async function rehearseUses(
  step: UsesStep,
  { known, phase }: Place,
  parts: RehearsalParts,
): Promise<Finding> {
  const given = known.render(step.with);
  if ('dependsOn' in given) return laterBecause(given.dependsOn, `What ${step.uses} is given`);
  const startedAt = new Date(parts.now).toISOString();
  const rendered = isJsonObject(given.value) ? given.value : {};
  const { output, ...finding } = await rehearseAction(step, rendered, parts, phase);
  if (output === undefined) return finding;
  known.keep(step.id, { outcome: 'succeeded', output, startedAt, endedAt: startedAt });
  const condition = step.until?.if;
  const holds = condition === undefined ? { value: true } : known.holds(condition, { output });
  if ('dependsOn' in holds || holds.value || condition === undefined) return finding;
  return {
    ...finding,
    says: [...finding.says, `It would be repeated, since this does not hold yet: ${condition}`],
  };
}

function rehearseWait({ durationMs, duration, until }: WaitStep, known: Known): Finding {
  if (until !== undefined && 'time' in until) {
    return { verdict: 'would', says: [`It would wait until it is ${until.time} (${until.timezone}).`] };
  }
  if (duration === undefined && until === undefined) {
    return { verdict: 'would', says: [`It would wait for ${formatDuration(durationMs ?? 0)}.`] };
  }
  const found = known.render(until?.moment ?? duration ?? '');
  if ('dependsOn' in found) return laterBecause(found.dependsOn, 'How long it waits');
  return {
    verdict: 'would',
    says: [`It would wait ${until === undefined ? 'for' : 'until'} ${shown(found.value)}.`],
  };
}

function rehearseCheck({ id, check }: CheckStep, known: Known): Finding {
  const holds = known.holds(check);
  if ('dependsOn' in holds) return laterBecause(holds.dependsOn, 'Whether it holds');
  known.keep(id, { outcome: holds.value ? 'succeeded' : 'failed' });
  if (holds.value) return { verdict: 'read', says: ['It holds.'] };
  return { verdict: 'blocked', says: [`It does not hold: ${check}`], code: 'step.checkFailed' };
}

async function rehearseLoop(step: ForEachStep, place: Place, parts: RehearsalParts): Promise<KindFound> {
  const list = place.known.render(step.items);
  if ('dependsOn' in list) return [laterBecause(list.dependsOn, 'What it goes over')];
  const items = nameItems(list.value, (item) => {
    const key = place.known.with({ [step.as]: item }).render(step.key);
    return 'value' in key ? key.value : null;
  });
  if (typeof items === 'string') return [{ verdict: 'blocked', says: [items], code: 'step.badInput' }];
  const rehearsed: DryRunStep[] = [];
  for (const item of items.slice(0, MAX_ITEMS)) {
    const known = place.known.with({ [step.as]: item.item });
    rehearsed.push(...(await rehearse(iterationOf(step, item).block.steps, { ...place, known }, parts)));
  }
  const left = items.length - MAX_ITEMS;
  const says = [
    `It would go over ${items.length === 1 ? 'one item' : `${items.length} items`}.`,
    ...(left > 0 ? [`The first ${MAX_ITEMS} are looked at here; ${left} more follow.`] : []),
  ];
  return [{ verdict: 'would', says }, ...rehearsed];
}
