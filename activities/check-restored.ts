import { isActionName, specOf } from '../src/catalog/index.ts';
import { isJsonObject, textOf } from '../src/model/json.ts';
import type { RunIdentity } from '../src/model/run.ts';
import type { TouchedTarget } from '../src/store/index.ts';
import type { ActionResult } from './contract.ts';
import type { Deps } from './deps.ts';
import { StepError } from './step-error.ts';
import { touchedBy } from './touched.ts';
import { findReplicas } from './vbr/replicas.ts';
import { baselineOf, viewPlan } from './vro/plan-view.ts';

/** What was looked at, and what of it is not as it was before. */
interface Finding {
  readonly checked: readonly string[];
  readonly leftovers: readonly string[];
}

/** Compares every plan and replica that the run acted on with what it was before. @throws StepError `cleanup.notRestored` */
export async function checkRestored(deps: Deps, run: RunIdentity): Promise<ActionResult> {
  const touched = (await touchedBy(deps, run)).filter(({ sent }) => sent.some(leavesTraces));
  const findings: Finding[] = [];
  for (const target of touched.filter((one) => isOfKind(one, 'plan'))) {
    findings.push(await lookAtPlan(deps, target));
  }
  findings.push(
    ...(await lookAtReplicas(
      deps,
      touched.filter((one) => isOfKind(one, 'replica')),
    )),
  );
  const leftovers = findings.flatMap((finding) => finding.leftovers);
  if (leftovers.length > 0) {
    throw new StepError(
      'cleanup.notRestored',
      `The drill left something behind. ${leftovers.join('; ')}. Put it right on the server, then retry.`,
      { details: { leftovers } },
    );
  }
  return { output: { checked: findings.flatMap(({ checked }) => checked) } };
}

/** Whether a command leaves its target other than it was; a readiness check does not. */
function leavesTraces(action: string): boolean {
  if (!isActionName(action)) return true;
  const { impact, undo } = specOf(action);
  return impact !== 'none' || undo !== 'none';
}

function isOfKind({ target }: TouchedTarget, kind: 'plan' | 'replica'): boolean {
  return target.split('/')[1] === kind;
}

async function lookAtPlan(deps: Deps, { target, baseline, connection }: TouchedTarget): Promise<Finding> {
  const view = await viewPlan(deps.vro(connection), target.slice(target.lastIndexOf('/') + 1));
  const now = baselineOf(view);
  const leftovers: string[] = [];
  for (const [what, name] of [
    ['position', 'state'],
    ['mode', 'mode'],
  ] as const) {
    // A schedule's baseline knows neither.
    if (baseline[what] === undefined || now[what] === baseline[what]) continue;
    leftovers.push(
      `${view.name}: its ${name} was ${textOf(baseline[what]) ?? 'unknown'} and is ${textOf(now[what]) ?? 'unknown'}`,
    );
  }
  return { checked: [view.name], leftovers };
}

/** Each replica once, with its state from before the first command on it, alone or among others. */
async function lookAtReplicas(deps: Deps, touched: readonly TouchedTarget[]): Promise<Finding[]> {
  const before = new Map<string, { connection: string; state: string }>();
  for (const { connection, baseline } of [...touched].sort((a, b) => a.recordedAt - b.recordedAt)) {
    const states = isJsonObject(baseline['states']) ? baseline['states'] : {};
    for (const [id, state] of Object.entries(states)) {
      const key = `${connection}/${id}`;
      if (!before.has(key)) before.set(key, { connection, state: textOf(state) ?? 'Unknown' });
    }
  }
  const findings: Finding[] = [];
  for (const [key, { connection, state }] of before) {
    const [replica] = await findReplicas(deps.vbr(connection), [key.slice(key.lastIndexOf('/') + 1)]);
    const now = replica?.state ?? 'Unknown';
    const name = replica?.name ?? key;
    findings.push({
      checked: [name],
      leftovers: now === state ? [] : [`${name}: its state was ${state} and is ${now}`],
    });
  }
  return findings;
}
