import { specOf, type InputOf } from '../../src/catalog/index.ts';
import { isJsonObject, textOf, type JsonObject } from '../../src/model/json.ts';
import type { ReplicaPoint } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { VbrConnection } from '../deps.ts';
import type { CommandDriver, Observed, Sighting } from '../effects/driver.ts';
import { StepError } from '../step-error.ts';
import {
  REPLICA_COMMANDS,
  type ChosenPoint,
  type ReplicaCommand,
  type ReplicaCommandFacts,
} from './replica-commands.ts';
import { findReplicas, type MachineReplica } from './replicas.ts';
import { markIn, markSessions, sessionsSince } from './sessions-since.ts';

/**
 * How commands act on replicas. No call takes an id of ours, so sessions are compared: after an unclear answer those are
 * ours that have the command's type and the name of one of our machines and began after the baseline, one for each.
 */
export function replicaDriver(
  connection: VbrConnection,
  name: ReplicaCommand,
  input: CommandInput,
): CommandDriver {
  // The compiler cannot see that the schema and the request belong to the same name.
  const facts = REPLICA_COMMANDS[name] as ReplicaCommandFacts<ReplicaCommand>;
  const parsed = specOf(name).input.parse(input.with) as InputOf<ReplicaCommand>;
  return {
    effectLagMs: connection.effectLagMs,
    observe: () => observe(connection, facts, { name, input, parsed }),
    send: async ({ baseline }, beforeSend) => {
      const started = await facts.send(connection.client, chosenIn(baseline), parsed, { beforeSend });
      return sessionsOutput(started);
    },
    look: (baseline) => look(connection, facts, baseline),
  };
}

async function observe(
  connection: VbrConnection,
  { goal, operation, sessionType }: ReplicaCommandFacts<ReplicaCommand>,
  { name, input, parsed }: { name: ReplicaCommand; input: CommandInput; parsed: InputOf<ReplicaCommand> },
): Promise<Observed> {
  const replicas = await findReplicas(connection, parsed.replicas);
  const there = replicas.filter(({ state }) => goal.includes(state));
  const mark = await markSessions(connection, sessionType);
  const found = {
    target: replicasTarget(connection, replicas),
    targetName: replicas.map((replica) => replica.name).join(', '),
    members: replicas.map((replica) => ({
      target: `${connection.name}/replica/${replica.id}`,
      name: replica.name,
    })),
    stateClass: replicas.map(({ id, state }) => `${id} ${state}`).join(', '),
  };
  const states = Object.fromEntries(replicas.map(({ id, state }) => [id, state]));
  // In a drill a replica that has been failed over already was so by somebody else: its cleanup would undo their work.
  const mayRest = input.run.mode === 'live' || name === 'vbr.undoFailover';
  if (mayRest && there.length === replicas.length) {
    const note = `nothing to do: ${count(replicas.length)} in state ${goal.join(' or ')}`;
    return { ...found, baseline: { states }, satisfied: { note, output: sessionsOutput([]) } };
  }
  const wanted = mayRest ? replicas.filter((replica) => !there.includes(replica)) : replicas;
  const chosen = wanted.map((replica) => ({ replica, point: choose(replica.points, operation, parsed) }));
  const baseline = {
    states,
    mark: { ...mark },
    points: chosen.map(({ replica, point }) => ({
      replicaId: replica.id,
      replica: replica.name,
      pointId: point?.id ?? '',
    })),
  };
  const refused = chosen.filter(({ point }) => point === undefined).map(({ replica }) => replica);
  if (refused.length === 0) return { ...found, baseline };
  const first = refused[0];
  return {
    ...found,
    baseline,
    illegal: new StepError(
      'vbr.illegalState',
      `${name} is not legal now: VBR does not allow it for ${count(refused.length)}, e.g. ${first?.name ?? ''} in state ${first?.state ?? ''}. Nothing was sent.`,
      {
        details: {
          replicas: refused.slice(0, 50).map((one) => ({ name: one.name, state: one.state })),
        },
      },
    ),
  };
}

/** What several replicas are called as one target: the same ones in any order are the same. */
export function replicasTarget(
  { name }: VbrConnection,
  replicas: readonly Pick<MachineReplica, 'id'>[],
): string {
  return `${name}/replica/${replicas
    .map(({ id }) => id)
    .sort()
    .join('+')}`;
}

/** The newest point that allows the operation and is not newer than was asked for. */
function choose(
  points: readonly ReplicaPoint[],
  operation: string,
  input: InputOf<ReplicaCommand>,
): ReplicaPoint | undefined {
  const until =
    'restorePoint' in input && input.restorePoint !== 'latest' ? Date.parse(input.restorePoint) : Infinity;
  return points.find(
    ({ allowedOperations, creationTime }) =>
      allowedOperations.some((allowed) => allowed === operation) && Date.parse(creationTime) <= until,
  );
}

async function look(
  connection: VbrConnection,
  { sessionType }: ReplicaCommandFacts<ReplicaCommand>,
  baseline: JsonObject,
): Promise<Sighting> {
  const wanted = chosenIn(baseline).map(({ replica }) => replica);
  const fresh = (await sessionsSince(connection, sessionType, markIn(baseline))).filter(({ name }) =>
    wanted.includes(name),
  );
  if (fresh.length === 0) return { saw: 'nothing' };
  const names = fresh.map(({ name }) => name);
  if ([...names].sort().join('\n') === [...wanted].sort().join('\n')) {
    return { saw: 'happened', output: sessionsOutput(fresh) };
  }
  return {
    saw: 'strange',
    what: `${fresh.length} new ${sessionType} sessions for ${new Set(names).size} of ${wanted.length} machines`,
  };
}

/** What a command answers before its sessions have ended. */
export function sessionsOutput(
  sessions: readonly { readonly id: string; readonly name: string }[],
): JsonObject {
  return { sessions: sessions.map(({ id, name }) => ({ id, replica: name })) };
}

function chosenIn(baseline: JsonObject): ChosenPoint[] {
  const points = Array.isArray(baseline['points']) ? baseline['points'] : [];
  return points.filter(isJsonObject).map((point) => ({
    replicaId: textOf(point['replicaId']) ?? '',
    replica: textOf(point['replica']) ?? '',
    pointId: textOf(point['pointId']) ?? '',
  }));
}

function count(replicas: number): string {
  return replicas === 1 ? 'one replica' : `${replicas} replicas`;
}
