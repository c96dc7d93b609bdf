import type { RunView } from '../../src/client/index.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { JournalEntry } from '../../src/simulator/index.ts';
import type { Trace } from './case.ts';
import type { Played } from './play.ts';

/** What became of a run, told as `expected` tells it: equal to that, or the run went another way. */
export function traceOf(
  { view, gates }: Played,
  { calls, outputs }: { readonly calls: readonly JournalEntry[]; readonly outputs: JsonObject | undefined },
  expected: Trace,
): unknown {
  const { steps, outcome, timeline } = view;
  return {
    run: outcome,
    steps: Object.fromEntries(steps.map((step) => [step.path, endOf(step, expected.steps[step.path])])),
    ...(expected.calls !== undefined && { calls: calls.map(shortCall) }),
    ...(expected.gates !== undefined && { gates }),
    ...(expected.order !== undefined && { order: byEnd(view, expected.order) }),
    ...(expected.outputs !== undefined && { outputs }),
    ...(expected.recovered !== undefined && {
      recovered: Object.fromEntries(
        (timeline.recoveries ?? []).map(({ application, recoveredAt }) => [
          application,
          stepThatEnded(view, recoveredAt, expected.recovered?.[application]),
        ]),
      ),
    }),
  };
}

function endOf(step: StepRecord, expected: Trace['steps'][string] | undefined): unknown {
  const { outcome, failure, output } = step;
  if (expected === undefined || typeof expected === 'string') return outcome;
  const fields = Object.keys(expected.output ?? {});
  const facts: Readonly<Record<string, unknown>> = {
    ...step,
    code: failure?.code,
    output: output && Object.fromEntries(fields.map((name) => [name, output[name]])),
  };
  return Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name]]));
}

/** Steps that ended in the same moment count as in order. */
function byEnd({ steps }: RunView, paths: readonly string[]): string[] {
  const endedAt = new Map(steps.map((step) => [step.path, step.endedAt]));
  return [...paths].sort((a, b) => (endedAt.get(a) ?? Infinity) - (endedAt.get(b) ?? Infinity));
}

/** The wanted step when it ended then; otherwise when that was. */
function stepThatEnded(
  { steps }: RunView,
  at: number | undefined,
  wanted: string | null | undefined,
): string | number | null {
  const step = steps.find(({ path }) => path === wanted);
  if (at === undefined) return null;
  return step?.endedAt === at ? step.path : at;
}

/** `Failover` for what is done to plans, `DELETE recoveryTokens` for everything else. */
function shortCall({ call }: JournalEntry): string {
  const [method = '', path = ''] = call.split(' ');
  const last = path.split('/').findLast((part) => !part.startsWith('{')) ?? path;
  return path.startsWith('/Plans/') && method === 'POST' ? last : `${method} ${last}`;
}
