import { Context } from '@temporalio/activity';
import type { NamesWithEffect } from '../src/catalog/index.ts';
import { canonicalJson, type JsonObject } from '../src/model/json.ts';
import type { CommandDone } from '../src/model/run.ts';
import type { ActionInput, ActionResult, CommandInput, EngineActivities, PollInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { DRIVERS, type CommandName } from './drivers.ts';
import type { CommandDriver } from './effects/driver.ts';
import { withLead } from './effects/lead.ts';
import { orNotSent, orUnrecorded, performCommand, resolveCommand, type Conduct } from './effects/perform.ts';
import { engineActivities } from './engine.ts';
import { translated } from './failure.ts';
import { assertNotFrozen } from './frozen.ts';
import { goingOn, settledFirst, withStore } from './go-on.ts';
import { beating } from './heartbeat.ts';
import { NOTIFIES, performNotify, type NotifyName } from './notify/notifies.ts';
import { waitForFreshData } from './one/wait-for-fresh-data.ts';
import type { ReadName } from './read.ts';
import { parseInput, performRead, READS } from './reads.ts';
import { StepError } from './step-error.ts';
import type { LaunchParts } from './launch.ts';
import type { TellsGates } from './tell-gate.ts';
import type { TellsLaunches } from './tell-launch.ts';
import { waitForSessions } from './vbr/wait-for-sessions.ts';
import { waitUntilStable } from './vro/wait-until-stable.ts';
import { watchTest } from './vro/watch-test.ts';

export type { TellGateInput } from './contract.ts';
export type { Deps, OneConnection, VbrConnection, VroConnection } from './deps.ts';
export type { Channel, ChannelKind, Channels } from './notify/channel.ts';
export { createGateNotices } from './notify/gate-notices.ts';
export { createIdentityNotices } from './notify/identity-notices.ts';
export type { Launcher, LaunchParts } from './launch.ts';
export { createLaunchNotices } from './notify/launch-notices.ts';
export type { GateNotices, TellsGates } from './tell-gate.ts';
export type { TellsLaunches } from './tell-launch.ts';
export { createVaultClient, type VaultClient, type VaultPlace } from './secrets/vault-client.ts';
export { vaultSecrets } from './secrets/vault-secrets.ts';
export { createPlanPoller, type PlanPoller } from './vro/plan-poller.ts';
export { StepError } from './step-error.ts';

/** Outputs above this size are also kept by their digest, so that snapshots need not carry them. */
const INLINE_OUTPUT_BYTES = 2_048;
/** No result is larger than this: histories and queries carry them. */
const MAX_OUTPUT_BYTES = 64 * 1_024;

type WatchName = NamesWithEffect<'watch'>;

/** Everything a worker of muster can do, by activity type: an action's name, or `muster.…` for the engine's own. */
export type Activities = EngineActivities &
  Readonly<Record<ReadName | WatchName, (input: PollInput) => Promise<ActionResult>>> &
  Readonly<Record<NotifyName, (input: ActionInput) => Promise<ActionResult>>> &
  Readonly<Record<CommandName, (input: CommandInput) => Promise<CommandDone>>>;

/** How each watch is done; the type makes a missing one an error. */
const WATCHES: {
  readonly [Name in WatchName]: (deps: Deps, input: PollInput) => Promise<ActionResult>;
} = {
  'vro.waitUntilStable': waitUntilStable,
  'vro.watchTest': watchTest,
  'vbr.waitForSessions': waitForSessions,
  'one.waitForFreshData': waitForFreshData,
};

/** The activities, over injected clients and stores. */
export function createActivities(
  deps: Deps & TellsGates & TellsLaunches & Pick<LaunchParts, 'launcher'>,
): Activities {
  const reads = Object.keys(READS).map((name) => [
    name,
    (input: PollInput): Promise<ActionResult> =>
      translated(async () => {
        const begun = performance.now();
        const own = goingOn(deps, input);
        await assertNotFrozen(own, input);
        const output = await performRead(own, name as ReadName, input);
        return bounded(own, { output, ms: Math.ceil(performance.now() - begun) });
      }),
  ]);
  const commands = Object.keys(DRIVERS).map((name) => [
    name,
    (input: CommandInput): Promise<CommandDone> =>
      translated(() =>
        conducted(input, (conduct) =>
          orNotSent(input, () =>
            withLead(deps, input, (lead) =>
              withStore(deps, input, async (own) => {
                const done = await performCommand(own, input, driverOf(own, input), conduct, lead);
                return orUnrecorded(input, () => boundedCommand(own, done));
              }),
            ),
          ),
        ),
      ),
  ]);
  const watches = Object.entries(WATCHES).map(([name, watch]) => [
    name,
    (input: PollInput): Promise<ActionResult> =>
      translated(async () => bounded(deps, await watch(deps, input))),
  ]);
  const notifies = Object.keys(NOTIFIES).map((name) => [
    name,
    (input: ActionInput): Promise<ActionResult> =>
      translated(async () => {
        await assertNotFrozen(goingOn(deps, input), input);
        return performNotify(deps, name as NotifyName, input);
      }),
  ]);
  return {
    ...engineActivities(deps),
    'muster.resolveCommand': (input) =>
      translated(() =>
        conducted(input, async (conduct) => {
          await settledFirst(deps, input);
          const found = await resolveCommand(deps, input, driverOf(deps, input), conduct);
          return found.how === 'notDone' ? found : orUnrecorded(input, () => boundedCommand(deps, found));
        }),
      ),
    ...(Object.fromEntries([...reads, ...watches, ...notifies, ...commands]) as Omit<
      Activities,
      keyof EngineActivities
    >),
  };
}

/** @throws StepError `step.badInput`, `connection.unknown` */
function driverOf(deps: Deps, input: CommandInput): CommandDriver {
  parseInput(input.action, input);
  return DRIVERS[input.action as CommandName](deps, input);
}

async function conducted<T>({ path }: CommandInput, work: (conduct: Conduct) => Promise<T>): Promise<T> {
  const signal = Context.current().cancellationSignal;
  return beating(path, (say) => work({ signal, say }));
}

async function bounded(deps: Deps, result: ActionResult): Promise<ActionResult> {
  const digest = await keptWhenLarge(deps, result.output);
  return digest === undefined ? result : { ...result, digest };
}

async function boundedCommand(deps: Deps, done: CommandDone): Promise<CommandDone> {
  const digest = done.output === undefined ? undefined : await keptWhenLarge(deps, done.output);
  return digest === undefined ? done : { ...done, outputDigest: digest };
}

/** @throws StepError `step.internal` for an output that no action may have */
async function keptWhenLarge(deps: Deps, output: JsonObject): Promise<string | undefined> {
  const text = canonicalJson(output);
  const bytes = Buffer.byteLength(text);
  if (bytes <= INLINE_OUTPUT_BYTES) return undefined;
  if (bytes > MAX_OUTPUT_BYTES) {
    throw new StepError('step.internal', `The output has ${bytes} bytes, more than any action may answer.`);
  }
  return deps.stores.contents.put(text);
}
