import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { SimulatorError } from '../errors.ts';
import type { PlanSpec } from '../scenario/plan-spec.ts';
import type { Command, Happening } from './commands.ts';
import type { ExecutionReport } from './executions.ts';
import { executionsOf } from './executions.ts';
import { whyIllegal } from './legality.ts';
import { happen, runBySchedule, settle } from './plan.ts';
import type { Change, PlanNow, Situation } from './situation.ts';
import { initially } from './situation.ts';
import type { Trouble } from './timeline.ts';

export type { PlanNow } from './situation.ts';

/** Who acts when nobody says so: a person in the product's own console, behind the API's back. */
const CONSOLE = 'console';

/** The plans of the world and everything that can happen to them. */
export interface Plans {
  plans(): readonly PlanNow[];
  /** By name or id. Throws `UNKNOWN_PLAN`. */
  plan(key: string): PlanNow;
  /**
   * Carries a command out. Answers whether anything changed. Without `by` it is somebody at the product's own console:
   * nothing of it is in the journal. Throws `UNKNOWN_PLAN`, `ILLEGAL_ACTION`, `INVALID_REQUEST`.
   */
  command(key: string, command: Command, options?: { by?: string }): boolean;
  /** Somebody starts a DataLab test in the console; no API does that. Throws as `command` does. */
  startTest(key: string): void;
  /** One more plan like this one, disabled and to be verified. Throws `UNKNOWN_PLAN`, `INVALID_REQUEST`. */
  clonePlan(
    key: string,
    options?: { name?: string | undefined; description?: string | undefined; by?: string },
  ): PlanSpec;
  /** One more plan, in its default state. */
  addPlan(spec: PlanSpec): void;
  /** Who changed what about a plan since its change log was last cleared. Throws `UNKNOWN_PLAN`. */
  changeLog(key: string): readonly Change[];
  /** What the plans did: every execution in which something happened after `since` (simulated milliseconds). */
  executions(since?: number): readonly ExecutionReport[];
  /** Something will go wrong in a coming step of a plan. Throws `UNKNOWN_PLAN`. */
  trouble(key: string, trouble: Trouble): void;
  /** Nothing will go wrong any more: one trouble, or all. */
  calm(trouble?: string): void;
  /** The Orchestrator restarts: RuntimeDetails are emptied, the plans go on. */
  reboot(options?: { rewound?: boolean | undefined }): void;
  /** Back to the scenario. */
  reset(): void;
}

export function createPlans({ specs: scripted, clock }: { specs: readonly PlanSpec[]; clock: Clock }): Plans {
  const specs = new Map<string, PlanSpec>();
  const idsByName = new Map<string, string>();
  const situations = new Map<string, Situation>();

  const add = (spec: PlanSpec): void => {
    specs.set(spec.id, spec);
    idsByName.set(spec.name, spec.id);
  };
  const specOf = (key: string): PlanSpec => {
    const spec = specs.get(idsByName.get(key) ?? key.toLowerCase());
    if (spec === undefined) throw new SimulatorError('UNKNOWN_PLAN', `There is no plan ${key}.`);
    return spec;
  };
  const situationOf = (spec: PlanSpec): Situation => situations.get(spec.id) ?? initially(spec);

  /** Plans that are chained after one that has run start when that one ended, which may start others in turn. */
  const follow = (ended: PlanSpec, dueAt: number): void => {
    situations.set(
      ended.id,
      happen(ended, situationOf(ended), { action: 'chained' }, { at: dueAt, by: CONSOLE }),
    );
    for (const spec of specs.values()) {
      const situation = situationOf(spec);
      const { schedule, execution } = situation;
      if (schedule?.kind !== 'after' || schedule.planId !== ended.id) continue;
      const at = situation.active ? dueAt : Math.max(dueAt, execution?.end.at ?? dueAt);
      situations.set(spec.id, runBySchedule(spec, situation, schedule.scan, at));
    }
  };
  /** Brings every plan to the present: what is over ends, what is due starts. */
  const advance = (): number => {
    const now = clock.now();
    for (;;) {
      const due: { spec: PlanSpec; dueAt: number }[] = [];
      for (const spec of specs.values()) {
        const before = situationOf(spec);
        const situation = settle(spec, before, now);
        if (situation !== before || !situations.has(spec.id)) situations.set(spec.id, situation);
        const { dueAt } = situation.chain;
        if (dueAt !== undefined) due.push({ spec, dueAt });
      }
      if (due.length === 0) return now;
      for (const { spec, dueAt } of due) follow(spec, dueAt);
    }
  };
  const planNow = (spec: PlanSpec, now: number): PlanNow => ({ spec, situation: situationOf(spec), now });
  const allNow = (): PlanNow[] => {
    const now = advance();
    return [...specs.values()].map((spec) => planNow(spec, now));
  };
  const change = (spec: PlanSpec, happening: Happening, { at = advance(), by = CONSOLE } = {}): void => {
    situations.set(spec.id, happen(spec, situationOf(spec), happening, { at, by }));
  };
  const command = (key: string, asked: Command, { by = CONSOLE }: { by?: string } = {}): boolean => {
    const spec = specOf(key);
    const { situation } = planNow(spec, advance());
    const reason = whyIllegal(spec, situation, asked.action);
    if (reason !== undefined) {
      throw new SimulatorError(
        'ILLEGAL_ACTION',
        `${asked.action} is not possible for plan ${spec.name}: ${reason}.`,
      );
    }
    if (asked.action === 'Schedule' && asked.schedule.kind === 'after') {
      requireNoCircle(spec, specOf(asked.schedule.planId), (id) => situationOf(specOf(id)).schedule);
    }
    if (isSoAlready(situation, asked)) return false;
    change(spec, asked, { by });
    return true;
  };

  for (const spec of scripted) add(spec);
  return {
    plans: allNow,
    plan: (key) => planNow(specOf(key), advance()),
    command,
    startTest: (key) => {
      command(key, { action: 'StartTest' });
    },
    clonePlan: (key, { name, description, by = CONSOLE } = {}) => {
      const original = specOf(key);
      const clone: PlanSpec = {
        ...original,
        id: randomUUID(),
        name: name ?? freeName(original.name, (one) => idsByName.has(one)),
        description: description ?? original.description,
        mode: 'Disabled',
        verification: 'NeedsVerified',
      };
      if (idsByName.has(clone.name)) {
        throw new SimulatorError('INVALID_REQUEST', `There is a plan ${clone.name} already.`);
      }
      const at = advance();
      add(clone);
      const changes = [{ at, by, what: `The plan was cloned from ${original.name}` }];
      situations.set(clone.id, { ...initially(clone), changes });
      return clone;
    },
    addPlan: add,
    changeLog: (key) => {
      const spec = specOf(key);
      advance();
      return situationOf(spec).changes;
    },
    executions: (since = -Infinity) => allNow().flatMap((plan) => executionsOf(plan, since)),
    trouble: (key, trouble) => change(specOf(key), { action: 'trouble', trouble }),
    calm: (trouble) => {
      const at = advance();
      const calm =
        trouble === undefined ? ({ action: 'calm' } as const) : ({ action: 'calm', trouble } as const);
      for (const spec of specs.values()) change(spec, calm, { at });
    },
    reboot: ({ rewound = false } = {}) => {
      const at = advance();
      for (const spec of specs.values()) change(spec, { action: 'reboot', rewound }, { at });
    },
    reset: () => {
      specs.clear();
      idsByName.clear();
      situations.clear();
      for (const spec of scripted) add(spec);
    },
  };
}

/** Whether a command would change nothing: the product accepts it all the same. */
function isSoAlready({ mode, schedule }: Situation, { action }: Command): boolean {
  return (
    (action === 'Enable' && mode === 'Enabled') ||
    (action === 'Disable' && mode === 'Disabled') ||
    (action === 'DeleteSchedule' && schedule === undefined)
  );
}

/** Plans that wait for each other would never run. Throws `INVALID_REQUEST`. */
function requireNoCircle(
  plan: PlanSpec,
  before: PlanSpec,
  scheduleOf: (planId: string) => Situation['schedule'],
): void {
  let id: string | undefined = before.id;
  while (id !== undefined) {
    if (id === plan.id) {
      throw new SimulatorError('INVALID_REQUEST', `Plan ${plan.name} would run after itself.`);
    }
    const schedule = scheduleOf(id);
    id = schedule?.kind === 'after' ? schedule.planId : undefined;
  }
}

function freeName(name: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? `Copy of ${name}` : `Copy (${number}) of ${name}`;
    if (!isTaken(candidate)) return candidate;
  }
}
