import { z } from 'zod';
import { DURATION_PATTERN, isActionName, specOf } from '../catalog/index.ts';
import { parseDuration } from '../model/duration.ts';
import { decisionRulesOf } from '../model/decision-rules.ts';
import { canonicalJson, without, type Json, type JsonObject } from '../model/json.ts';
import {
  failurePolicy,
  MODES,
  WEEKDAYS,
  type ApprovalRule,
  type CompiledRunbook,
  type DecisionRules,
  type Step,
  type UsesStep,
} from '../model/runbook.ts';

/**
 * A runbook in the one form for all files that mean the same: what a file says although it holds anyway is left out, so
 * that its digest does not change when somebody writes a default down. Nothing else changes.
 */
export function canonicalRunbook(runbook: CompiledRunbook): CompiledRunbook {
  const { objectives, steps, cleanup, always } = runbook;
  const decisions = canonicalDecisions(runbook);
  const promisesNothing = objectives !== undefined && Object.keys(objectives).length === 0;
  return {
    ...without(runbook, ['decisions', ...(promisesNothing ? (['objectives'] as const) : [])]),
    ...(Object.keys(decisions).length === 0 ? {} : { decisions }),
    steps: steps.map(canonicalStep),
    cleanup: cleanup.map(canonicalStep),
    always: always.map(canonicalStep),
  };
}

/** The rules for decisions that say something: one operator holds anyway, and what holds for all others too. */
function canonicalDecisions(runbook: CompiledRunbook): Partial<DecisionRules> {
  const usual = decisionRulesOf({}).default;
  const { default: fallback } = decisionRulesOf(runbook);
  const isSame = (one: ApprovalRule, other: ApprovalRule): boolean =>
    canonicalJson(one) === canonicalJson(other);
  const rules = Object.entries(runbook.decisions ?? {}).filter(
    ([decision, rule]) => !isSame(rule, decision === 'default' ? usual : fallback),
  );
  return Object.fromEntries(rules);
}

function canonicalStep(step: Step): Step {
  const plain = withoutDefaults(step);
  switch (plain.kind) {
    case 'uses':
      return canonicalUses(plain);
    case 'steps':
    case 'forEach':
      return { ...plain, steps: plain.steps.map(canonicalStep) };
    case 'parallel':
      return { ...plain, branches: plain.branches.map(canonicalStep) };
    case 'approval':
    case 'manual':
    case 'wait':
    case 'check':
    case 'runbook':
      return plain;
  }
}

/** What every kind of step has. */
function withoutDefaults<Kind extends Step>(step: Kind): Kind {
  const { modes, links, window, onFailure } = step;
  const [drill, live] = [failurePolicy(step, 'drill'), failurePolicy(step, 'live')];
  const policy = drill === live ? drill : { drill, live };
  const everyDay = window?.days?.length === WEEKDAYS.length;
  const dropped = [
    ...(modes?.length === MODES.length ? (['modes'] as const) : []),
    ...(links?.length === 0 ? (['links'] as const) : []),
    ...(policy === 'pause' ? (['onFailure'] as const) : []),
  ];
  const changed = {
    ...step,
    ...(onFailure === undefined ? {} : { onFailure: policy }),
    ...(window !== undefined && everyDay ? { window: without(window, ['days']) } : {}),
  };
  // What is dropped may be absent in every kind of step.
  return without(changed, dropped) as Kind;
}

function canonicalUses(step: UsesStep): UsesStep {
  const { uses, retry, rollback, timeoutMs, action, with: given } = step;
  const isUsual = timeoutMs === action.timeoutMs;
  return {
    ...(isUsual ? without(step, ['timeoutMs']) : step),
    with: canonicalWith(uses, given),
    ...(retry?.factor === 1 ? { retry: without(retry, ['factor']) } : {}),
    ...(rollback === undefined ? {} : { rollback: canonicalUses(rollback) }),
  };
}

/** The values of an action without those that it takes anyway, and each duration in one spelling. */
function canonicalWith(uses: string, given: JsonObject): JsonObject {
  if (!isActionName(uses)) return given;
  const shape: Record<string, z.ZodType> = specOf(uses).input.shape;
  const values = Object.entries(given).flatMap(([name, value]) => {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema === undefined) return [[name, value] as const];
    const usual = schema.safeParse(undefined);
    const isUsual = usual.success && canonicalJson(usual.data) === canonicalJson(value);
    return isUsual ? [] : [[name, isDuration(schema) ? spelled(value) : value] as const];
  });
  return Object.fromEntries(values);
}

function isDuration(schema: z.ZodType): boolean {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return z.globalRegistry.get(inner as z.ZodType)?.['pattern'] === DURATION_PATTERN;
}

/** A duration in one spelling, from large to small: `90m` and `PT1H30M` are `1h30m`. */
function spelled(value: Json): Json {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined) return value;
  const [days, hours, minutes, seconds] = [
    Math.floor(ms / 86_400_000),
    Math.floor(ms / 3_600_000) % 24,
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1_000) % 60,
  ];
  const parts = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'm'],
    [seconds, 's'],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}
