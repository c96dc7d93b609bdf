import { ExpressionError } from '../../../model/expression.ts';
import { expressionsIn } from '../../../model/template.ts';
import type { Library } from '../../library.ts';
import type { Draft, DraftStep } from '../../shape/draft.ts';
import type { Viewpoint } from '../names.ts';
import { isLoop, loopsAround, stepsBelow, type LoopPlace, type Place } from '../places.ts';
import { typeOfSpec } from './declared.ts';
import { inferType, type TypeOfName } from './infer.ts';
import {
  actionOutput,
  APPROVAL_OUTPUT,
  childOutput,
  LOOP_OUTPUT,
  manualOutput,
  typeOfVar,
} from './outputs.ts';
import { ANYTHING, itemsOf, mapTo, mapWith, TEXT_TYPE, type Type } from './type.ts';

const RUN = mapWith(
  new Map(['id', 'mode', 'purpose', 'starter', 'outcome'].map((name) => [name, TEXT_TYPE])),
);

/** The types of what the expressions of one runbook may name; what is where is decided by names.ts. */
export class Types {
  readonly #library: Library;
  readonly #inputs: Type;
  readonly #vars: Type;
  readonly #steps: Type;
  readonly #ofStep = new Map<Place, Type>();
  readonly #ofItem = new Map<LoopPlace, Type>();

  constructor(draft: Draft, places: ReadonlyMap<string, Place>, library: Library) {
    this.#library = library;
    this.#inputs = mapWith(new Map([...draft.inputs].map(([name, { value }]) => [name, typeOfSpec(value)])));
    this.#vars = mapWith(new Map([...draft.vars].map(([name, { value }]) => [name, typeOfVar(value)])));
    this.#steps = mapWith({
      get: (id) => {
        const place = places.get(id);
        return place && this.#step(place);
      },
      keys: () => places.keys(),
    });
  }

  /** What the names stand for in an expression at `viewpoint`. */
  at({ place, loop: own }: Pick<Viewpoint, 'place' | 'loop'>): TypeOfName {
    const loops = [...(own === undefined ? [] : [own]), ...loopsAround(place)];
    return (name) => {
      const loop = loops.find(({ step }) => step.body.as === name);
      if (loop !== undefined) return this.#item(loop);
      switch (name) {
        case 'inputs':
          return this.#inputs;
        case 'vars':
          return this.#vars;
        case 'steps':
          return this.#steps;
        case 'run':
          return RUN;
        case 'output':
          return this.#output(place.step);
        default:
          return undefined;
      }
    };
  }

  #step(place: Place): Type {
    const known = this.#ofStep.get(place);
    if (known !== undefined) return known;
    const { step } = place;
    const fields = new Map<string, Type>([
      ['output', this.#output(step)],
      ['outcome', TEXT_TYPE],
      ['startedAt', TEXT_TYPE],
      ['endedAt', TEXT_TYPE],
    ]);
    if (isLoop(place)) fields.set('items', mapTo(this.#iteration(place)));
    const type = mapWith(fields);
    this.#ofStep.set(place, type);
    return type;
  }

  /** `steps.<loop>.items["key"]`: what is in its output stands there only when it is small, and so by id alone. */
  #iteration({ step }: LoopPlace): Type {
    const outputs = [...stepsBelow(step)].map((inner) => [inner.id, this.#output(inner)] as const);
    return mapWith(
      new Map([
        ['outcome', TEXT_TYPE],
        ['output', mapWith(new Map(outputs))],
      ]),
    );
  }

  #output({ body }: DraftStep): Type {
    switch (body.kind) {
      case 'uses':
        return body.action === undefined ? ANYTHING : actionOutput(body.action);
      case 'manual':
        return manualOutput(body.fields);
      case 'forEach':
        return LOOP_OUTPUT;
      case 'approval':
        return APPROVAL_OUTPUT;
      case 'runbook': {
        const child = this.#library.find(body.runbook.text)?.runbook;
        return child === undefined ? ANYTHING : childOutput(child);
      }
      case 'wait':
      case 'check':
      case 'steps':
      case 'parallel':
      case 'broken':
        return ANYTHING;
    }
  }

  #item(loop: LoopPlace): Type {
    const known = this.#ofItem.get(loop);
    if (known !== undefined) return known;
    const type = this.#readItem(loop);
    this.#ofItem.set(loop, type);
    return type;
  }

  #readItem(loop: LoopPlace): Type {
    try {
      const [only] = expressionsIn(loop.step.body.items?.text.trim() ?? '');
      if (only?.isLone !== true) return ANYTHING;
      return itemsOf(inferType(only.expression.tree, this.at({ place: loop }), () => undefined));
    } catch (error) {
      if (error instanceof ExpressionError) return ANYTHING;
      throw error;
    }
  }
}
