import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { isActionName, specOf } from '../src/catalog/index.ts';
import { ExpressionError, parseExpression, type Expression, type Scope } from '../src/model/expression.ts';
import type { JsonObject } from '../src/model/json.ts';
import { CHECK_READS } from './checks/reads.ts';
import type { ActionInput, PollInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { beating } from './heartbeat.ts';
import { ONE_READS } from './one/reads.ts';
import { shortText, type Read, type ReadName } from './read.ts';
import { StepError, toStepError } from './step-error.ts';
import { VBR_READS } from './vbr/reads.ts';
import { VRO_READS } from './vro/reads.ts';

/** Every read of the catalog; the type makes a missing one an error. */
export const READS: { readonly [Name in ReadName]: Read<Name> } = {
  ...CHECK_READS,
  ...ONE_READS,
  ...VBR_READS,
  ...VRO_READS,
};

/** Does a read once, or, with `until`, again and again until it succeeds and its condition holds. */
export async function performRead(deps: Deps, name: ReadName, input: PollInput): Promise<JsonObject> {
  const { cancellationSignal: signal } = Context.current();
  const parsed = parseInput(name, input) as never;
  const context = { connection: input.connection, signal };
  const read = READS[name] as Read<ReadName>;
  const once = (): Promise<JsonObject> => read(deps, parsed, context);
  return input.until === undefined
    ? once()
    : beating(input.path, (say) => repeat(deps, input, once, signal, say));
}

async function repeat(
  deps: Deps,
  { until, path }: PollInput,
  once: () => Promise<JsonObject>,
  signal: AbortSignal,
  say: (says: string) => void,
): Promise<JsonObject> {
  if (until === undefined) return once();
  for (let tries = 1; ; tries += 1) {
    const { output, failure } = await tried(once, until, signal);
    if (output !== undefined) return output;
    if (deps.now() + until.everyMs > until.endsAt) {
      throw new StepError(
        failure.code,
        `${path} did not come true in its time, ${tries} tries. Last: ${failure.message}`,
        {
          ...(failure.details === undefined ? {} : { details: failure.details }),
          passing: false,
        },
      );
    }
    say(`try ${tries}: ${failure.message}`.slice(0, 300));
    await pause(until.everyMs, undefined, { signal });
  }
}

type Tried = { output: JsonObject; failure?: never } | { output?: never; failure: StepError };

/** One try; what can become true later is a failure to wait out, everything else ends the waiting. */
async function tried(
  once: () => Promise<JsonObject>,
  until: NonNullable<PollInput['until']>,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    const output = await once();
    if (until.if === undefined) return { output };
    const scope = { ...until.scope, output };
    const condition = parseExpression(until.if);
    const holds = condition.evaluate(scope);
    if (holds === true) return { output };
    if (holds !== false) {
      throw new StepError('step.expressionFailed', `This is neither true nor false: ${until.if}`);
    }
    const found = foundBy(condition, scope);
    return { failure: new StepError('step.checkFailed', `This does not hold yet: ${until.if}${found}`) };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof ExpressionError) {
      throw new StepError('step.expressionFailed', error.message, { cause: error });
    }
    const failure = toStepError(error);
    if (!failure.passing && failure.code !== 'check.failed') throw failure;
    return { failure };
  }
}

/** What the names in a condition stand for, ` (output.mode: "Disabled")`: people have to know how far it is off. */
function foundBy({ references }: Expression, scope: Scope): string {
  const names = new Set(references.map(({ path }) => path.join('.')));
  const found = [...names].flatMap((name) => {
    try {
      return `${name}: ${shortText(JSON.stringify(parseExpression(name).evaluate(scope)))}`;
    } catch (error) {
      // Part of a list walk, or of what is looked up by a key.
      if (error instanceof ExpressionError) return [];
      throw error;
    }
  });
  return found.length === 0 ? '' : ` (${found.join(', ')})`;
}

/** What an action is given, as its schema reads it. @throws StepError `step.badInput` */
export function parseInput(name: string, { with: given }: ActionInput): JsonObject {
  if (!isActionName(name)) throw new StepError('step.internal', `unknown action ${name}`);
  const read = specOf(name).input.safeParse(given);
  if (read.success) return read.data as JsonObject;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.') || 'with'}: ${message}`);
  throw new StepError('step.badInput', `${name} cannot be run with these values: ${problems.join('; ')}.`);
}
