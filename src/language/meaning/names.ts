import { specOf } from '../../catalog/index.ts';
import { z } from 'zod';
import type { Reference } from '../../model/expression.ts';
import type { ItemType } from '../../model/runbook.ts';
import type { Draft, DraftStep } from '../shape/draft.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { Library } from '../library.ts';
import type { DiagnosticCode, Hint } from '../diagnostics.ts';
import {
  isBefore,
  isLoop,
  loopAround,
  loopsAround,
  stepsBelow,
  type LoopPlace,
  type Place,
} from './places.ts';

/** What an expression may say of the run. */
const RUN_FIELDS = ['id', 'mode', 'purpose', 'starter'] as const;
/** Known only when steps and cleanup have ended. */
const RUN_FIELDS_AT_END = [...RUN_FIELDS, 'outcome'] as const;
/** What an expression may say of a step that has ended. */
const STEP_FIELDS = ['output', 'outcome', 'startedAt', 'endedAt'] as const;
const LOOP_FIELDS = [...STEP_FIELDS, 'items'] as const;
/** What a loop counts in its `output`, by the outcomes of its items. */
const LOOP_OUTPUT = ['total', 'succeeded', 'warned', 'failed'] as const;
/** What is known of every answer of a manual step, beside its fields. */
const MANUAL_OUTPUT = ['answer', 'person', 'comment'] as const;
/** `${{ inputs.x }}` and nothing else: its items are declared. */
const LONE_INPUT = /^\$\{\{\s*inputs\.([a-zA-Z0-9_]+)\s*\}\}$/;

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
  /** A loop whose item may be named beside those that the place stands in. */
  readonly loop?: LoopPlace;
}
export type Root = 'inputs' | 'vars' | 'steps' | 'run' | 'output';

/** The names of one runbook; remembers which inputs and variables were asked for. */
export class Names {
  readonly #draft: Draft;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #library: Library;
  readonly used = new Set<string>();

  constructor(draft: Draft, places: ReadonlyMap<string, Place>, library: Library) {
    this.#draft = draft;
    this.#places = places;
    this.#library = library;
  }

  /** What is wrong with a reference that stands at `viewpoint`; undefined when nothing is. */
  problemOf(
    { path: [root = '', name, ...rest] }: Reference,
    { place, roots, loop: own }: Viewpoint,
  ): Problem | undefined {
    const loops = [...(own === undefined ? [] : [own]), ...loopsAround(place)];
    const loop = loops.find(({ step }) => step.body.as === root);
    if (loop !== undefined) return this.#item(loop, name === undefined ? [] : [name, ...rest]);
    const known = roots.find((candidate) => candidate === root);
    if (known === undefined) {
      const names = [...roots, ...loops.flatMap(({ step }) => step.body.as ?? [])];
      return unknown(
        `\`${root}\` is not known here.`,
        didYouMean(root, names) ?? `Known are ${names.join(', ')}.`,
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
        return this.#output(place.step, 'output', name === undefined ? [] : [name, ...rest]);
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
    const loop = loopAround(step);
    if (loop !== undefined && !isInside(place, loop)) return manyOf(id, loop);
    if (step !== place.takesBack && !isBefore(step, place)) return late(id, step, place);
    const name = `steps.${id}`;
    if (isLoop(step) && what === 'items') return this.#items(step, `${name}.items`, rest);
    if (what !== 'output') return field(name, isLoop(step) ? LOOP_FIELDS : STEP_FIELDS, what);
    return this.#output(step.step, `${name}.output`, rest);
  }

  /** `steps.<loop>.items["key"].outcome`, or `.output.<id>` and what is in it. */
  #items(
    { step }: LoopPlace,
    name: string,
    [key, what, id, ...rest]: readonly string[],
  ): Problem | undefined {
    if (key === undefined || what === undefined || what === 'outcome') return undefined;
    const shown = `${name}["${key.slice(0, 60)}"]`;
    if (what !== 'output') return field(shown, ['outcome', 'output'], what);
    if (id === undefined) return undefined;
    const inside = [...stepsBelow(step)];
    const found = inside.find((one) => one.id === id);
    const known = inside.map((one) => one.id);
    if (found === undefined) return field(`${shown}.output`, known, id);
    return this.#output(found, `${shown}.output.${id}`, rest);
  }

  /** Checks names inside an output as deep as it is declared. */
  #output({ body }: DraftStep, name: string, path: readonly string[]): Problem | undefined {
    const [first, ...deeper] = path;
    switch (body.kind) {
      case 'forEach':
        return first === undefined ? undefined : field(name, LOOP_OUTPUT, first);
      case 'uses':
        return body.action === undefined ? undefined : schemaProblem(specOf(body.action).output, name, path);
      case 'manual': {
        if (first === undefined) return undefined;
        const known = [...MANUAL_OUTPUT, ...Object.keys(body.fields)];
        return (
          field(name, known, first) ??
          (deeper.length > 0 ? unknown(`\`${name}.${first}\` has no fields.`) : undefined)
        );
      }
      case 'runbook': {
        const child = this.#library.find(body.runbook.text)?.runbook;
        if (first === undefined || child === undefined) return undefined;
        return field(name, Object.keys(child.outputs ?? {}), first);
      }
      case 'approval':
      case 'broken':
        return undefined;
      case 'wait':
      case 'check':
      case 'steps':
      case 'parallel':
        return unknown(`\`${name}\` does not exist: the step uses no action.`);
    }
  }

  /** A field of the item of a loop, as far as the list is declared. */
  #item({ step: { body } }: LoopPlace, path: readonly string[]): Problem | undefined {
    const [name, ...deeper] = path;
    const declared = this.#itemType(body.items?.text.trim() ?? '');
    if (declared === undefined || name === undefined) return undefined;
    const shown = body.as ?? 'the item';
    if (typeof declared === 'string') return unknown(`\`${shown}\` has no fields.`);
    return (
      field(shown, Object.keys(declared), name) ??
      (deeper.length > 0 ? unknown(`\`${shown}.${name}\` has no fields.`) : undefined)
    );
  }

  #itemType(items: string): ItemType | undefined {
    return this.#draft.inputs.get(LONE_INPUT.exec(items)?.[1] ?? '')?.value.of;
  }
}

function late(id: string, step: Place, place: Place): Problem {
  const inside = step.first <= place.first && place.last <= step.last;
  const isLater = step.first > place.first;
  const why = inside ? 'has not ended yet' : isLater ? 'comes later' : 'runs side by side with this';
  return { code: 'LATE_REFERENCE', message: `\`${id}\` ${why}, so nothing is known of it here.` };
}

function isInside(place: Place, loop: LoopPlace): boolean {
  return loop.first <= place.first && place.last <= loop.last && place !== loop;
}

function manyOf(id: string, { step: { id: loop } }: LoopPlace): Problem {
  return {
    code: 'LATE_REFERENCE',
    message: `\`${id}\` runs for each item of the loop \`${loop}\`, so it is not one step here.`,
    hint: `Say which item is meant: steps.${loop}.items["key"].output.${id}.`,
  };
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
