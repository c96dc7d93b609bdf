import { specOf } from '../../catalog/index.ts';
import { z } from 'zod';
import type { Reference } from '../../model/expression.ts';
import type { Draft } from '../shape/draft.ts';
import { didYouMean } from '../suggest.ts';
import type { DiagnosticCode, Hint } from '../diagnostics.ts';
import { isBefore, type Place } from './places.ts';

/** What an expression may say of the run. */
const RUN_FIELDS = ['id', 'mode', 'purpose', 'starter'] as const;
/** Known only when steps and cleanup have ended. */
const RUN_FIELDS_AT_END = [...RUN_FIELDS, 'outcome'] as const;
/** What an expression may say of a step that has ended. */
const STEP_FIELDS = ['output', 'outcome', 'startedAt', 'endedAt'] as const;

/** What is wrong with a reference. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: Hint;
}

/** Where an expression stands, and so what it may name. */
export interface Viewpoint {
  readonly place: Place;
  readonly roots: readonly Root[];
}
export type Root = 'inputs' | 'vars' | 'steps' | 'run' | 'output';

/** The names of one runbook; remembers which inputs and variables were asked for. */
export class Names {
  readonly #draft: Draft;
  readonly #places: ReadonlyMap<string, Place>;
  readonly used = new Set<string>();

  constructor(draft: Draft, places: ReadonlyMap<string, Place>) {
    this.#draft = draft;
    this.#places = places;
  }

  /** What is wrong with a reference that stands at `viewpoint`; undefined when nothing is. */
  problemOf(
    { path: [root = '', name, ...rest] }: Reference,
    { place, roots }: Viewpoint,
  ): Problem | undefined {
    const known = roots.find((candidate) => candidate === root);
    if (known === undefined) {
      return unknown(
        `\`${root}\` is not known here.`,
        didYouMean(root, roots) ?? `Known are ${roots.join(', ')}.`,
      );
    }
    switch (known) {
      case 'inputs':
        return this.#declared(known, this.#draft.inputs, name);
      case 'vars':
        return this.#declared(known, this.#draft.vars, name);
      case 'run':
        return field('run', place.phase === 'always' ? RUN_FIELDS_AT_END : RUN_FIELDS, name);
      case 'output':
        return outputProblem(place, 'output', name === undefined ? [] : [name, ...rest]);
      case 'steps':
        return this.#step(name, rest, place);
    }
  }

  #declared(
    root: 'inputs' | 'vars',
    all: ReadonlyMap<string, unknown>,
    name: string | undefined,
  ): Problem | undefined {
    if (name !== undefined && all.has(name)) {
      this.used.add(`${root}.${name}`);
      return undefined;
    }
    return field(root, [...all.keys()], name);
  }

  #step(id: string | undefined, [what, ...rest]: readonly string[], place: Place): Problem | undefined {
    const step = id === undefined ? undefined : this.#places.get(id);
    if (id === undefined || step === undefined) return field('steps', [...this.#places.keys()], id);
    if (!isBefore(step, place)) return late(id, step, place);
    const name = `steps.${id}`;
    if (what !== 'output') return field(name, STEP_FIELDS, what);
    return outputProblem(step, `${name}.output`, rest);
  }
}

function late(id: string, step: Place, place: Place): Problem {
  const inside = step.first <= place.first && place.last <= step.last;
  const isLater = step.first > place.first;
  const why = inside ? 'has not ended yet' : isLater ? 'comes later' : 'runs side by side with this';
  return { code: 'LATE_REFERENCE', message: `\`${id}\` ${why}, so nothing is known of it here.` };
}

/** Checks names inside an output as deep as the catalog declares them. */
function outputProblem(
  { step: { body } }: Place,
  name: string,
  path: readonly string[],
): Problem | undefined {
  if (body.kind === 'uses') {
    return body.action === undefined ? undefined : schemaProblem(specOf(body.action).output, name, path);
  }
  if (body.kind === 'approval' || body.kind === 'broken') return undefined;
  return unknown(`\`${name}\` does not exist: the step uses no action.`);
}

function schemaProblem(
  schema: unknown,
  name: string,
  [key, ...rest]: readonly string[],
): Problem | undefined {
  if (key === undefined) return undefined;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return schemaProblem(schema.unwrap(), name, [key, ...rest]);
  }
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, unknown> = schema.shape;
    if (!Object.hasOwn(shape, key)) return field(name, Object.keys(shape), key);
    return schemaProblem(shape[key], `${name}.${key}`, rest);
  }
  if (schema instanceof z.ZodRecord) return undefined;
  return unknown(`\`${name}\` has no fields.`);
}

function field(of: string, fields: readonly string[], name: string | undefined): Problem | undefined {
  if (name === undefined) {
    return unknown(
      `\`${of}\` alone is no value.`,
      fields.length > 0 ? `Name a field: ${of}.${fields[0] ?? ''}.` : undefined,
    );
  }
  if (fields.includes(name)) return undefined;
  const list = fields.length > 0 && fields.length <= 12 ? `There are ${fields.join(', ')}.` : undefined;
  return unknown(`\`${of}.${name.slice(0, 60)}\` does not exist.`, () => didYouMean(name, fields) ?? list);
}

function unknown(message: string, hint?: Hint): Problem {
  return { code: 'UNKNOWN_REFERENCE', message, hint };
}
