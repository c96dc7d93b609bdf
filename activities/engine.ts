import { isJsonObject, type JsonObject } from '../src/model/json.ts';
import type { EngineActivities } from './contract.ts';
import type { Deps } from './deps.ts';
import { checkRestored } from './check-restored.ts';
import { translated } from './failure.ts';
import { assertNotFrozen } from './frozen.ts';
import { settledFirst } from './go-on.ts';
import { openGate } from './open-gate.ts';
import { recordNotes } from './record.ts';
import { recheckGate } from './recheck-gate.ts';
import { launchRun, type LaunchParts } from './launch.ts';
import { loadRunbook } from './runbooks.ts';
import { tellGate, type TellsGates } from './tell-gate.ts';
import { tellLaunch, type TellsLaunches } from './tell-launch.ts';
import { authenticVote } from './votes.ts';
import { noticeMovement } from './vro/notice-movement.ts';
import { nextWindow } from './window.ts';

type Engine = Omit<EngineActivities, 'muster.resolveCommand'>;

/** The activities of the engine itself: documents, gates, votes, and the look at what a drill leaves behind. */
export function engineActivities(
  deps: Deps & TellsGates & TellsLaunches & Pick<LaunchParts, 'launcher'>,
): Engine {
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
    'muster.openGate': (input) =>
      translated(async () => {
        await settledFirst(deps, input);
        // A decision about a failure is asked for in any case.
        if (input.failure === undefined) await assertNotFrozen(deps, { run: input.run });
        return openGate(deps, input);
      }),
    'muster.recheckGate': (input) => translated(() => recheckGate(deps, input)),
    'muster.tellGate': (input) =>
      translated(async () => {
        // That it was closed comes after how it was decided.
        await settledFirst(deps, input);
        await tellGate(deps, input);
      }),
    'muster.launch': (input) => translated(() => launchRun(deps, input)),
    'muster.tellLaunch': (input) => translated(() => tellLaunch(deps, input)),
    'muster.verifyVotes': ({ votes, runbook }) =>
      translated(async () => {
        const verified = [];
        // Of a flood by few people each is looked up once.
        const looking = { ...deps, person: remembered((id) => deps.person(id)) };
        // In the order they came: whoever is first counts first.
        for (const jws of votes) verified.push(await authenticVote(looking, jws, { runbook }));
        return verified;
      }),
    'muster.noteRefusals': ({ run, from, refused }) => deps.stores.refusals.add(run, from, refused),
    // Whatever keeps it from being written, it is tried until it is.
    'muster.record': (input) => recordNotes(deps, input),
    'muster.noticeMovement': (input) => translated(() => noticeMovement(deps, input)),
    'muster.checkRestored': (input) => translated(() => checkRestored(deps, input.run)),
  };
}

/** Asks for the same person once. */
function remembered(person: Deps['person']): Deps['person'] {
  const known = new Map<string, ReturnType<Deps['person']>>();
  return (id) => {
    const found = known.get(id) ?? person(id);
    known.set(id, found);
    return found;
  };
}
