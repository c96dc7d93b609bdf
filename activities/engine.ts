import { isActionName, specOf } from '../src/catalog/index.ts';
import { isJsonObject, textOf, type JsonObject } from '../src/model/json.ts';
import type { CoveredStep } from '../src/model/vote.ts';
import type { EngineActivities, OpenGateInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { approvalDigest, digestOf, newNonce } from './digest.ts';
import { translated } from './failure.ts';
import { loadRunbook } from './runbooks.ts';
import { StepError } from './step-error.ts';
import { authenticVote } from './votes.ts';
import { baselineOf, findPlan, viewPlan } from './vro/plan-view.ts';

type Engine = Omit<EngineActivities, 'muster.resolveCommand'>;

/** The activities of the engine itself: documents, gates, votes, and the look at what a drill leaves behind. */
export function engineActivities(deps: Deps): Engine {
  return {
    'muster.loadRunbook': ({ digest }) => translated(() => loadRunbook(deps, digest)),
    'muster.loadOutputs': ({ digests }) =>
      translated(() =>
        Promise.all(
          digests.map(async (digest): Promise<JsonObject> => {
            const output: unknown = JSON.parse(await deps.stores.contents.get(digest));
            return isJsonObject(output) ? output : {};
          }),
        ),
      ),
    'muster.openGate': (input) => translated(() => openGate(deps, input)),
    'muster.verifyVotes': ({ votes }) =>
      translated(async () => {
        const verified = [];
        // In the order they came: whoever is first counts first.
        for (const jws of votes) verified.push(await authenticVote(deps, jws));
        return verified;
      }),
    'muster.checkRestored': (input) => translated(() => checkRestored(deps, input.run.firstExecutionId)),
  };
}

/** Makes the digest of what a gate is about, with names resolved to ids: the same plan by another name is the same. */
async function openGate(
  deps: Deps,
  { run, path, covers, failure, attempt }: OpenGateInput,
): ReturnType<Engine['muster.openGate']> {
  const covered: CoveredStep[] = [];
  for (const { path: step, action, with: given, connection } of covers) {
    const vro = deps.vro(connection);
    const { id } = await findPlan(vro, textOf(given['plan']) ?? '');
    covered.push({ path: step, action, with: given, target: `${vro.name}/plan/${id}` });
  }
  const nonce = newNonce();
  const digest =
    failure === undefined
      ? approvalDigest({ runbookDigest: run.runbookDigest, gate: path, covered })
      : digestOf({ kind: 'decision', runbookDigest: run.runbookDigest, gate: path, attempt, failure });
  return { nonce, digest, covered };
}

/** Whether a command leaves its target other than it was; a readiness check does not. */
function leavesTraces(action: string): boolean {
  if (!isActionName(action)) return true;
  const { impact, undo } = specOf(action);
  return impact !== 'none' || undo !== 'none';
}

/** Compares every plan that the run acted on with what it was before. @throws StepError `cleanup.notRestored` */
async function checkRestored(deps: Deps, run: string): ReturnType<Engine['muster.checkRestored']> {
  const leftovers: string[] = [];
  const checked: string[] = [];
  for (const { target, baseline, connection, sent } of await deps.stores.intents.targetsOf(run)) {
    if (!target.includes('/plan/') || !sent.some(leavesTraces)) continue;
    const view = await viewPlan(deps.vro(connection), target.slice(target.lastIndexOf('/') + 1));
    const now = baselineOf(view);
    checked.push(view.name);
    for (const [what, name] of [
      ['position', 'state'],
      ['mode', 'mode'],
    ] as const) {
      if (now[what] !== baseline[what]) {
        leftovers.push(
          `${view.name}: its ${name} was ${textOf(baseline[what]) ?? 'unknown'} and is ${textOf(now[what]) ?? 'unknown'}`,
        );
      }
    }
  }
  if (leftovers.length > 0) {
    throw new StepError(
      'cleanup.notRestored',
      `The drill left something behind. ${leftovers.join('; ')}. Put it right in VRO, then retry.`,
      {
        details: { leftovers },
      },
    );
  }
  return { output: { checked } };
}
