import { stableId } from '../ids.ts';
import type { PlanSpec, StepSpec } from '../scenario/plan-spec.ts';
import type { Operation } from './operations.ts';
import { RULES } from './operations.ts';

/** One step of an operation, in the order in which they run. */
export interface PlannedStep {
  readonly id: string;
  readonly name: string;
  readonly actionType: string;
  readonly seconds: number;
  /** Its failure is an error of its machine, not just a warning. */
  readonly isCritical: boolean;
  /** The plan halts when it fails: a critical step of a critical machine. */
  readonly halts: boolean;
  /** What it ends with even if nothing goes wrong. */
  readonly finding: Readonly<{ result: 'Warning' | 'Error'; message: string }> | undefined;
  readonly group: number;
  /** Counts the machines of the plan, a virtual group being one. */
  readonly vm: number;
  /** Of the machine, or of the virtual group. */
  readonly vmId: string;
  readonly vmName: string;
}

/** Something that has steps: a machine, or a virtual group. */
interface Unit {
  readonly id: string;
  readonly name: string;
  readonly isCritical: boolean;
  readonly malware: PlanSpec['groups'][number]['vms'][number]['malware'];
  readonly steps: readonly StepSpec[];
  readonly group: number;
  readonly isVm: boolean;
}

function unitsOf(plan: PlanSpec): Unit[] {
  return plan.groups.flatMap((group, index): Unit[] =>
    group.vms.length > 0
      ? group.vms.map((vm) => ({ ...vm, group: index, isVm: true }))
      : [{ ...group, malware: 'Clean', group: index, isVm: false }],
  );
}

/** What a planned step has besides its place. */
type Part = Pick<PlannedStep, 'id' | 'name' | 'actionType' | 'seconds' | 'isCritical' | 'halts'> &
  Partial<Pick<PlannedStep, 'finding'>>;

/** Written out, not spread: there are thousands of them, and objects of one shape are read much faster. */
function planned({ group, id: vmId, name: vmName }: Unit, vm: number, part: Part): PlannedStep {
  const { id, name, actionType, seconds, isCritical, halts, finding } = part;
  return { id, name, actionType, seconds, isCritical, halts, finding, group, vm, vmId, vmName };
}

/** The steps of an operation on a plan: groups, machines and steps run one after the other. */
export function stepsOf(plan: PlanSpec, operation: Operation, { scan = false } = {}): PlannedStep[] {
  const rule = RULES[operation];
  const { steps } = rule;
  const all = unitsOf(plan);
  const units = steps === 'own' ? all : all.filter((unit) => unit.isVm);
  return units.flatMap((unit, vm): PlannedStep[] => {
    switch (steps) {
      case 'none':
        return [];
      case 'own': {
        const own = unit.steps.map((step) =>
          planned(unit, vm, { ...step, halts: rule.halts && step.isCritical && unit.isCritical }),
        );
        return scan && unit.isVm ? [planned(unit, vm, scanOf(plan, unit)), ...own] : own;
      }
    }
    const part = {
      id: stableId(`${unit.id}/${operation}`),
      name: steps.name,
      actionType: steps.actionType,
      seconds: plan.durations[steps.duration] / units.length,
      isCritical: true,
      halts: rule.halts && unit.isCritical,
    };
    return [planned(unit, vm, part)];
  });
}

/** A machine's malware scan, which comes before its restore. */
function scanOf(plan: PlanSpec, { id, malware, isCritical }: Unit): Part {
  const finding = {
    Clean: undefined,
    Suspicious: { result: 'Warning', message: 'The restore point is suspicious' },
    Infected: { result: 'Error', message: 'Malware was found in the restore point' },
  } as const;
  return {
    id: stableId(`${id}/scan`),
    name: 'Scan restore point for malware',
    actionType: 'ScanRestorePoint',
    seconds: plan.durations.scan,
    isCritical: true,
    halts: isCritical,
    finding: finding[malware],
  };
}
