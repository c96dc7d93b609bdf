import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { Command, Happening } from './commands.ts';
import { halt, replan, resume } from './halting.ts';
import { runActionOf, whyIllegal } from './legality.ts';
import type { Operation } from './operations.ts';
import { isRun, RULES } from './operations.ts';
import { stepsOf } from './planned-steps.ts';
import type { Situation } from './situation.ts';
import { NO_CHAIN } from './situation.ts';
import type { Execution } from './timeline.ts';
import { playFrom, resultAt, timesStruck } from './timeline.ts';

/** The situation at `now`: an operation whose time has come is over, a schedule whose time has come is run. */
export function settle(plan: PlanSpec, situation: Situation, now: number): Situation {
  const { execution, active, schedule } = situation;
  if (active && execution !== undefined) {
    if (execution.end.at > now) return execution.operation === 'test' ? inPhase(situation, now) : situation;
    const ended = finish({ ...situation, active: false }, execution);
    const next = situation.checkAfterReset
      ? begin(plan, { ...ended, checkAfterReset: false }, { operation: 'check', at: execution.end.at })
      : ended;
    return settle(plan, next, now);
  }
  if (schedule?.kind !== 'at' || schedule.at > now) return situation;
  const at = Math.max(schedule.at, execution?.end.at ?? 0);
  return settle(plan, runBySchedule(plan, { ...situation, schedule: undefined }, schedule.scan, at), now);
}

/** Runs a plan because its time has come, or because the plan before it has run; or notes why it could not. */
export function runBySchedule(plan: PlanSpec, situation: Situation, scan: boolean, at: number): Situation {
  const action = runActionOf(plan);
  const reason = whyIllegal(plan, situation, action);
  return reason === undefined
    ? happen(plan, situation, { action, executeChainedPlans: true, scan }, { at, by: 'schedule' })
    : noted(situation, at, 'schedule', `The scheduled run was left out: ${reason}`);
}

/** The situation after something happened at `at`. Whether a command is legal has been decided before. */
export function happen(
  plan: PlanSpec,
  before: Situation,
  happening: Happening,
  { at, by }: { at: number; by: string },
): Situation {
  const situation = settle(plan, before, at);
  const start = (operation: Operation, change: Partial<Situation> = {}): Situation =>
    begin(plan, { ...situation, ...change }, { operation, at });
  switch (happening.action) {
    case 'Enable':
      return noted({ ...situation, mode: 'Enabled' }, at, by, 'The plan was enabled');
    case 'Disable':
      return noted({ ...situation, mode: 'Disabled' }, at, by, 'The plan was disabled');
    case 'ReadinessCheck':
      return start('check', { checkResult: 'Undefined' });
    case 'Failover':
      return start('failover', { mode: 'InUse', chain: chainOf(happening) });
    case 'Restore': {
      const { restoreLocationId, scan = false } = happening;
      const restoredTo = restoreLocationId === plan.recoveryLocationId ? undefined : restoreLocationId;
      const used = { ...situation, mode: 'InUse', chain: chainOf(happening), restoredTo } as const;
      return begin(plan, used, { operation: 'restore', at, scan });
    }
    case 'PermanentFailover':
      return start('permanentFailover');
    case 'PrepareToFailback':
      return start('prepareToFailback');
    case 'SwitchoverToProduction':
      return start('switchover');
    case 'FailbackToProduction':
      return start('failback');
    case 'CommitFailback':
      return start('commitFailback');
    case 'Undo':
      return start(undoOf(situation));
    case 'StartTest':
      return start('test', { testResult: 'Undefined' });
    case 'Halt':
      return halt(situation, { at, fullStop: happening.fullStop ?? false });
    case 'Continue':
      return resume(situation, happening.option, at);
    case 'ResetState': {
      const begun = start('reset', { checkAfterReset: happening.executeReadinessCheck, chain: NO_CHAIN });
      return noted(begun, at, by, 'The state of the plan was reset');
    }
    case 'Schedule':
      return noted({ ...situation, schedule: happening.schedule }, at, by, 'The plan was scheduled');
    case 'DeleteSchedule':
      return noted({ ...situation, schedule: undefined }, at, by, 'The schedule was deleted');
    case 'ResetChangeLog':
      return { ...situation, changes: [] };
    case 'reboot':
      return { ...situation, details: happening.rewound ? 'rewound' : 'emptied' };
    case 'trouble':
      return replan({ ...situation, troubles: [...situation.troubles, happening.trouble] }, at);
    case 'calm': {
      const troubles = situation.troubles.filter(
        (one) => happening.trouble !== undefined && one.id !== happening.trouble,
      );
      return replan({ ...situation, troubles }, at);
    }
    case 'chained':
      return { ...situation, chain: NO_CHAIN };
  }
}

function chainOf({
  executeChainedPlans = false,
}: Extract<Command, { action: 'Failover' | 'Restore' }>): Situation['chain'] {
  return { wanted: executeChainedPlans, dueAt: undefined };
}

function noted(situation: Situation, at: number, by: string, what: string): Situation {
  return { ...situation, changes: [...situation.changes, { at, by, what }] };
}

/** Undo takes back the last operation: a failback, prepared or done, returns to the failover. */
function undoOf({ stable, execution }: Situation): Operation {
  const last = stable === 'Halted' ? execution?.operation : undefined;
  return stable === 'FailoverComplete' || last === 'failover' || last === 'undoFailover'
    ? 'undoFailover'
    : 'undoFailback';
}

/** What an operation takes besides its steps, in simulated milliseconds. */
function overheadOf({ durations }: PlanSpec, operation: Operation): { leadMs: number; tailMs: number } {
  if (operation === 'reset') return { leadMs: 0, tailMs: durations.reset * 1000 };
  if (operation !== 'test') return { leadMs: 0, tailMs: 0 };
  return { leadMs: durations.testPending * 1000, tailMs: durations.testPowerOff * 1000 };
}

function begin(
  plan: PlanSpec,
  situation: Situation,
  { operation, at, scan = false }: { operation: Operation; at: number; scan?: boolean },
): Situation {
  const attempted = situation.execution?.attempts ?? [];
  const troubles = situation.troubles
    .map((trouble) => ({ ...trouble, left: trouble.left - timesStruck(trouble, attempted) }))
    .filter((trouble) => trouble.left > 0);
  const steps = stepsOf(plan, operation, { scan });
  const { leadMs, tailMs } = overheadOf(plan, operation);
  const course = playFrom({ operation, steps, before: [], first: 0, at: at + leadMs, tailMs, troubles });
  const isRehearsal = operation === 'check' || operation === 'test';
  return {
    ...situation,
    troubles,
    past: withPast(situation),
    active: true,
    testPhase: 'pending',
    details: 'shown',
    runResult: isRehearsal ? situation.runResult : 'Undefined',
    execution: { operation, steps, startedAt: at, tailMs, haltRequested: false, ...course },
  };
}

function withPast({ past, execution }: Situation): readonly Execution[] {
  return execution === undefined ? past : [...past, execution];
}

function inPhase(situation: Situation, now: number): Situation {
  const { attempts } = situation.execution ?? {};
  const first = attempts?.[0]?.startedAt ?? 0;
  const last = attempts?.at(-1)?.finishedAt ?? 0;
  const testPhase = now < first ? 'pending' : now < last ? 'running' : 'poweringOff';
  return testPhase === situation.testPhase ? situation : { ...situation, testPhase };
}

function finish(situation: Situation, execution: Execution): Situation {
  const { operation, end } = execution;
  const { wanted } = situation.chain;
  if (end.kind === 'halted') {
    const result = end.failed ? 'Error' : 'Undefined';
    // A halted check leaves the plan where it was.
    if (operation === 'check') return situation;
    if (operation === 'test') return { ...situation, stable: 'TestHalted', testResult: result };
    // Halting by hand lets the chain go on, unless it was a full stop; a failure makes it wait.
    const chain = wanted && !end.failed && isRun(operation) ? { wanted, dueAt: end.at } : situation.chain;
    return { ...situation, stable: 'Halted', runResult: result, chain };
  }
  const result = resultAt(execution, end.at);
  const stable = RULES[operation].leadsTo ?? situation.stable;
  switch (operation) {
    case 'check':
      return {
        ...situation,
        checkResult: result,
        verification: result === 'Error' ? 'NotVerified' : 'Verified',
      };
    case 'test':
      return { ...situation, testResult: result };
    case 'failover':
    case 'restore':
      return {
        ...situation,
        stable,
        runResult: result,
        chain: wanted ? { wanted, dueAt: end.at } : situation.chain,
      };
    case 'undoFailover':
    case 'permanentFailover':
    case 'prepareToFailback':
    case 'switchover':
    case 'failback':
    case 'undoFailback':
    case 'commitFailback':
      // The plan stays in use until it is reset, also after an undo.
      return { ...situation, stable, runResult: result };
    case 'reset':
      return {
        ...situation,
        stable,
        mode: 'Disabled',
        verification: 'NeedsVerified',
        execution: undefined,
        past: withPast(situation),
        restoredTo: undefined,
        runResult: 'Undefined',
        testResult: 'Undefined',
        checkResult: 'Undefined',
      };
  }
}
