import { isJsonObject, type JsonObject } from '../src/model/json.ts';
import type { CoveredStep } from '../src/model/vote.ts';
import type { EngineActivities, OpenGateInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { checkRestored } from './check-restored.ts';
import { approvalDigest, digestOf, newNonce } from './digest.ts';
import { targetOf } from './effects/target.ts';
import { translated } from './failure.ts';
import { loadRunbook } from './runbooks.ts';
import { authenticVote } from './votes.ts';
import { noticeMovement } from './vro/notice-movement.ts';
import { nextWindow } from './window.ts';

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
    'muster.keep': ({ document }) => translated(() => deps.stores.contents.put(JSON.stringify(document))),
    'muster.nextWindow': ({ window, after }) => translated(async () => nextWindow(window, after)),
    'muster.openGate': (input) => translated(() => openGate(deps, input)),
    'muster.verifyVotes': ({ votes }) =>
      translated(async () => {
        const verified = [];
        // In the order they came: whoever is first counts first.
        for (const jws of votes) verified.push(await authenticVote(deps, jws));
        return verified;
      }),
    'muster.noticeMovement': (input) => translated(() => noticeMovement(deps, input)),
    'muster.checkRestored': (input) => translated(() => checkRestored(deps, input.run)),
  };
}

/** Makes the digest of what a gate is about, with names resolved to ids: the same plan by another name is the same. */
async function openGate(
  deps: Deps,
  { run, path, covers, failure, attempt }: OpenGateInput,
): ReturnType<Engine['muster.openGate']> {
  const covered: CoveredStep[] = [];
  for (const { path: step, action, with: given, connection } of covers) {
    const target = await targetOf(deps, { action, connection: connection ?? '', with: given });
    covered.push({ path: step, action, with: given, target });
  }
  const nonce = newNonce();
  const digest =
    failure === undefined
      ? approvalDigest({ runbookDigest: run.runbookDigest, gate: path, covered })
      : digestOf({ kind: 'decision', runbookDigest: run.runbookDigest, gate: path, attempt, failure });
  return { nonce, digest, covered };
}
