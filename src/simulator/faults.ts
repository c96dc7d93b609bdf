import { SimulatorError } from './errors.ts';
import type { Fault, HttpFault, ParsedFault, SeededFault, System, WorldFault } from './fault-schema.ts';
import { parseFault, SYSTEMS } from './fault-schema.ts';
import { drawFault } from './fault-seeded.ts';
import type { RequestCount, RequestCounts } from './request-counts.ts';
import { createRequestCounts } from './request-counts.ts';
import { RULES } from './world/operations.ts';
import type { Trouble } from './world/timeline.ts';
import type { World } from './world/world.ts';

/** A fault that was added. */
export interface FaultHandle {
  readonly id: string;
  /** Settles when the fault strikes for the first time; at once for what goes wrong in the world. */
  readonly arrived: Promise<void>;
  /** Lets every held request go on, and takes the fault away. */
  readonly release: () => void;
}

/** A fault as the control server lists it. */
export interface FaultReport {
  readonly id: string;
  readonly fault: ParsedFault;
  /** How many requests it has struck. */
  readonly struck: number;
}

/** What shall go wrong: in answers over HTTP, or in the world itself. */
export interface Faults {
  /** Throws `INVALID_FAULT`, `UNKNOWN_PLAN`. */
  add(fault: Fault): FaultHandle;
  /** Takes every fault away and lets held requests go on. */
  clear(): void;
  list(): readonly FaultReport[];
  /** As the handle's `release`. Throws `UNKNOWN_FAULT`. */
  release(id: string): void;
  /** How often each call was requested since the start. Clearing and resetting leave it. */
  requests(): readonly RequestCount[];
  /** The requests that came to a server while a Retry-After of its own had not passed yet. */
  readonly insideRetryAfter: number;
}

/** A request, as far as faults look at it. */
export interface Subject {
  readonly system: System;
  readonly call: string;
  readonly plan: string | undefined;
}

/** A fault that strikes a request. `released` settles when a held request may go on. */
export interface Strike {
  readonly fault: HttpFault;
  readonly released: Promise<void>;
}

export interface FaultRegistry extends Faults {
  /** The call exists: faults may name it. */
  learn(system: System, call: string): void;
  /** The faults that strike this request, in the order they were added. */
  strikesOn(subject: Subject): readonly Strike[];
  readonly counts: RequestCounts;
}

interface Entry {
  readonly id: string;
  readonly fault: ParsedFault;
  readonly arrived: PromiseWithResolve;
  readonly released: PromiseWithResolve;
  seen: number;
  struck: number;
  /** For seeded faults: how often each call was seen, by call and plan. */
  readonly seenByCall: Map<string, number>;
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function deferred(): PromiseWithResolve {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function isWorldFault(fault: ParsedFault): fault is WorldFault {
  return fault.kind === 'failStep' || fault.kind === 'endWithWarnings' || fault.kind === 'failSession';
}

type PlanFault = Exclude<WorldFault, { kind: 'failSession' }>;

function troubleOf(id: string, fault: PlanFault): Trouble {
  const { during, message } = fault;
  if (fault.kind === 'endWithWarnings') return { kind: 'warn', id, during, message, left: 1 };
  const { vm, step, critical, failures } = fault;
  return { kind: 'fail', id, during, message, vm, step, critical, left: failures };
}

export function createFaults({ world }: { world: World }): FaultRegistry {
  const entries = new Map<string, Entry>();
  const calls = Object.fromEntries(SYSTEMS.map((system) => [system, new Set<string>()])) as Readonly<
    Record<System, Set<string>>
  >;
  const counts = createRequestCounts();
  let added = 0;

  /** A misspelt name would make a test that proves nothing, so it is refused. */
  const check = (fault: ParsedFault): void => {
    const name = 'plan' in fault ? fault.plan : undefined;
    const plan = name === undefined ? undefined : world.plan(name).spec;
    if (!isWorldFault(fault)) {
      const systems = fault.system === undefined ? SYSTEMS : [fault.system];
      const known = systems.flatMap((system) => [...calls[system]]);
      if (fault.call === '*' || known.some((call) => same(call, fault.call))) return;
      throw new SimulatorError(
        'INVALID_FAULT',
        `There is no call ${fault.call}. Use one of: ${known.sort().join(', ')}.`,
      );
    }
    if (fault.kind === 'failSession') {
      if (fault.vm === undefined || world.protection.inventory.vm(fault.vm) !== undefined) return;
      throw new SimulatorError('INVALID_FAULT', `There is no protected VM ${fault.vm}.`);
    }
    if (fault.kind === 'endWithWarnings' || plan === undefined) return;
    const vms = plan.groups.flatMap((group) => group.vms);
    const vm = vms.find((one) => one.name === fault.vm || one.id === fault.vm);
    if (vm === undefined) {
      throw new SimulatorError(
        'INVALID_FAULT',
        `Plan ${plan.name} has no VM ${fault.vm}, but ${vms.map((one) => one.name).join(', ')}.`,
      );
    }
    const isKnown = vm.steps.some((one) => one.name === fault.step || one.id === fault.step);
    if (fault.step !== undefined && RULES[fault.during].steps === 'own' && !isKnown) {
      throw new SimulatorError(
        'INVALID_FAULT',
        `VM ${vm.name} has no step ${fault.step}, but ${vm.steps.map((one) => one.name).join(', ')}.`,
      );
    }
  };
  const matches = (fault: HttpFault | SeededFault, subject: Subject): boolean =>
    (fault.system ?? subject.system) === subject.system &&
    (fault.call === '*' || same(fault.call, subject.call)) &&
    (fault.kind === 'seeded' || fault.plan === undefined || isPlan(world, fault.plan, subject.plan));
  const drawn = ({ seenByCall }: Entry, fault: SeededFault, subject: Subject): HttpFault | undefined => {
    const key = `${subject.system} ${subject.call} ${subject.plan ?? ''}`.toLowerCase();
    const ordinal = (seenByCall.get(key) ?? 0) + 1;
    seenByCall.set(key, ordinal);
    return drawFault(fault, { ...subject, ordinal });
  };
  const remove = (entry: Entry): void => {
    entry.released.resolve();
    entries.delete(entry.id);
    if (entry.fault.kind === 'failSession') world.protection.calmSessions(entry.id);
    else if (isWorldFault(entry.fault)) world.calm(entry.id);
  };
  const bringAbout = (id: string, fault: WorldFault): void => {
    if (fault.kind !== 'failSession') {
      world.trouble(fault.plan, troubleOf(id, fault));
      return;
    }
    const { vm, session, result, failures, message } = fault;
    world.protection.troubleSession({ id, vm, type: session, result, message, left: failures });
  };

  return {
    learn: (system, call) => {
      calls[system].add(call);
    },
    add: (input) => {
      const fault = parseFault(input);
      check(fault);
      added += 1;
      const entry = {
        id: `fault-${added}`,
        fault,
        arrived: deferred(),
        released: deferred(),
        seen: 0,
        struck: 0,
        seenByCall: new Map<string, number>(),
      };
      entries.set(entry.id, entry);
      if (isWorldFault(fault)) {
        bringAbout(entry.id, fault);
        entry.arrived.resolve();
      }
      return { id: entry.id, arrived: entry.arrived.promise, release: () => remove(entry) };
    },
    clear: () => {
      for (const entry of [...entries.values()]) remove(entry);
    },
    list: () => [...entries.values()].map(({ id, fault, struck }) => ({ id, fault, struck })),
    release: (id) => {
      const entry = entries.get(id);
      if (entry === undefined) throw new SimulatorError('UNKNOWN_FAULT', `There is no fault ${id}.`);
      remove(entry);
    },
    strikesOn: (subject) => {
      const strikes: Strike[] = [];
      for (const entry of entries.values()) {
        const { fault } = entry;
        if (isWorldFault(fault) || !matches(fault, subject)) continue;
        entry.seen += 1;
        const striking = fault.kind === 'seeded' ? drawn(entry, fault, subject) : due(entry, fault);
        if (striking === undefined) continue;
        entry.struck += 1;
        entry.arrived.resolve();
        strikes.push({ fault: striking, released: entry.released.promise });
      }
      return strikes;
    },
    counts,
    requests: () => counts.list(),
    get insideRetryAfter() {
      return counts.list().reduce((sum, { insideRetryAfter }) => sum + insideRetryAfter, 0);
    },
  };
}

/** The fault, when it is its turn. */
function due({ seen, struck }: Entry, fault: HttpFault): HttpFault | undefined {
  const isOver = fault.times !== 'always' && struck >= fault.times;
  return seen <= fault.after || isOver ? undefined : fault;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function isPlan(world: World, wanted: string, requested: string | undefined): boolean {
  return requested !== undefined && same(world.plan(wanted).spec.id, requested);
}
