import { REPLICA_COMMANDS, type ReplicaCommand } from '../activities/vbr/replica-commands.ts';
import { specOf, type NamesWithEffect } from '../src/catalog/index.ts';
import type { ONE_OPERATIONS, VBR_OPERATIONS, VroVerb } from '../src/veeam/index.ts';

type Of<Product extends string> = Extract<NamesWithEffect<'command'>, `${Product}.${string}`>;

/** How a command is kept from being done twice, for people. */
export interface CommandFacts<Verb extends string> {
  /** The request that it is. */
  readonly verb: Verb;
  /** When nothing is sent, since what it is for is so already. */
  readonly already: string;
  /** What is seen after an unclear answer when it happened. */
  readonly happened: string;
}

const ALWAYS_SENT = 'never: it is always sent';
const MOVED = 'the plan stands elsewhere, or an execution began or ended later than before';

type Row = readonly [verb: VroVerb, already: string, happened?: string];

const at = (name: Of<'vro'>): string =>
  (specOf(name).leadsTo ?? []).map((place) => `\`${place}\``).join(', ');

/** In a drill a plan that is there already was put there by somebody else, so these are not satisfied then. */
const live = (name: Of<'vro'>): string => `in a live run: the plan is at ${at(name)}`;

const VRO_ROWS: Readonly<Record<Of<'vro'>, Row>> = {
  'vro.enable': ['enable', 'the plan is at `default` and enabled', 'the plan is enabled'],
  'vro.disable': ['disable', 'the plan is at `default` and disabled', 'the plan is disabled'],
  'vro.readinessCheck': ['readinessCheck', ALWAYS_SENT],
  'vro.failover': ['failover', live('vro.failover')],
  'vro.restore': ['restore', live('vro.restore')],
  'vro.halt': ['halt', 'the plan is at `halted`'],
  'vro.continue': ['continuePlan', ALWAYS_SENT],
  'vro.undo': ['undo', 'the plan is at `default` or `undone`'],
  'vro.failback': ['failbackToProduction', live('vro.failback')],
  'vro.prepareFailback': ['prepareToFailback', live('vro.prepareFailback')],
  'vro.switchover': ['switchoverToProduction', live('vro.switchover')],
  'vro.permanentFailover': ['permanentFailover', live('vro.permanentFailover')],
  'vro.commitFailback': ['commitFailback', live('vro.commitFailback')],
  'vro.reset': ['resetState', 'the plan is at `default`'],
  'vro.clonePlan': [
    'clone',
    'there is a plan of the wanted name',
    'there is a plan of the wanted name, which there was not before',
  ],
  'vro.schedulePlan': [
    'schedule.saveTime',
    'the plan shows the wanted schedule',
    'the plan shows the wanted schedule',
  ],
  'vro.unschedulePlan': ['schedule.delete', 'the plan shows no schedule', 'the plan shows no schedule'],
};

/** The commands on plans. */
export const VRO_COMMANDS: Readonly<Record<string, CommandFacts<VroVerb>>> = Object.fromEntries(
  Object.entries(VRO_ROWS).map(([name, [verb, already, happened = MOVED]]) => [
    name,
    { verb, already, happened },
  ]),
);

type VbrVerb = keyof typeof VBR_OPERATIONS;

const REPLICA_VERBS: Readonly<Record<ReplicaCommand, VbrVerb>> = {
  'vbr.failover': 'failover.now',
  'vbr.plannedFailover': 'failover.planned',
  'vbr.permanentFailover': 'failover.permanent',
  'vbr.undoFailover': 'failover.undo',
  'vbr.failback': 'failback.start',
  'vbr.switchToProduction': 'failback.switchToProduction',
  'vbr.commitFailback': 'failback.commit',
  'vbr.undoFailback': 'failback.undo',
};

function replicaFacts(name: ReplicaCommand): CommandFacts<VbrVerb> {
  const { goal, sessionType } = REPLICA_COMMANDS[name];
  const states = goal.map((state) => `\`${state}\``).join(' or ');
  const when = name === 'vbr.undoFailover' ? '' : 'in a live run: ';
  return {
    verb: REPLICA_VERBS[name],
    already: `${when}every replica is in state ${states}`,
    happened: `there is one new session of type \`${sessionType}\` for each machine, by its name`,
  };
}

const OTHER_VBR: Readonly<Record<Exclude<Of<'vbr'>, ReplicaCommand>, CommandFacts<VbrVerb>>> = {
  'vbr.changeSwitchoverTime': {
    verb: 'failback.changeSwitchoverTime',
    already: ALWAYS_SENT,
    happened: 'nothing can be seen, since VBR shows this time nowhere: a person is asked',
  },
  'vbr.rescanReplicas': {
    verb: 'replicas.rescan',
    already: ALWAYS_SENT,
    happened: 'there is exactly one new session of type `ConfigurationResynchronize`',
  },
  'vbr.stopSession': {
    verb: 'sessions.stop',
    already: 'the session is stopping or stopped',
    happened: 'the session is stopping or stopped',
  },
  'vbr.issueRecoveryToken': {
    verb: 'recoveryTokens.create',
    already: 'an earlier attempt of the step, of which nobody knows, has issued the token',
    happened: 'there is one token that expires at the time that was asked for, at which no other did before',
  },
  'vbr.renewRecoveryToken': {
    verb: 'recoveryTokens.update',
    already: ALWAYS_SENT,
    happened: 'the token expires at the wanted time',
  },
  'vbr.revokeRecoveryToken': {
    verb: 'recoveryTokens.remove',
    already: 'the token is gone',
    happened: 'the token is gone',
  },
};

/** The commands on replicas, sessions and recovery tokens. */
export const VBR_COMMANDS: Readonly<Record<string, CommandFacts<VbrVerb>>> = {
  ...Object.fromEntries(
    (Object.keys(REPLICA_COMMANDS) as ReplicaCommand[]).map((name) => [name, replicaFacts(name)]),
  ),
  ...OTHER_VBR,
};

const ONE_ROWS: Readonly<Record<Of<'one'>, CommandFacts<keyof typeof ONE_OPERATIONS>>> = {
  'one.resolveAlarms': {
    verb: 'alarms.resolve',
    already: 'all the alarms are resolved (or acknowledged, if that is what is asked), or gone',
    happened: 'all of them are; when only some are, a person is asked',
  },
};

/** The commands on alarms. */
export const ONE_COMMANDS: Readonly<Record<string, CommandFacts<keyof typeof ONE_OPERATIONS>>> = ONE_ROWS;
