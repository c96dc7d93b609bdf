import type { Fault } from './fault-schema.ts';
import type { Scenario } from './scenario.ts';

type Plan = Scenario['vro']['plans'][number];
type Group = NonNullable<Plan['groups']>[number];
type Step = NonNullable<NonNullable<Group['vms']>[number]['steps']>[number];

/** What a failover does with each VM, in simulated seconds. */
const STEPS: readonly Step[] = [
  { name: 'Process replica VM', actionType: 'ProcessReplicaVm', seconds: 20, isCritical: true },
  { name: 'Verify VM heartbeat', actionType: 'VmHeartbeat', seconds: 6, isCritical: true },
  { name: 'Ping VM network', actionType: 'PingVmNetwork', seconds: 4 },
];

const TIERS = [
  { name: 'Database', short: 'db', count: 6, isCritical: true },
  { name: 'Application', short: 'app', count: 14, isCritical: false },
  { name: 'Web', short: 'web', count: 14, isCritical: false },
  { name: 'Batch', short: 'batch', count: 6, isCritical: false },
] as const;

/** `shop-db-07`. */
export function numbered(prefix: string, number: number, digits = 2): string {
  return `${prefix}-${String(number).padStart(digits, '0')}`;
}

/** A replica plan of 40 VMs in four groups, of which only the six database servers are critical. */
export function fortyVmPlan({ name, prefix }: { name: string; prefix: string }): Plan {
  return {
    name,
    description: '40 VMs in four groups; the databases are critical',
    groups: TIERS.map(({ name: tier, short, count, isCritical }) => ({
      name: `${name} ${tier}`,
      isCritical,
      vms: Array.from({ length: count }, (_, index) => ({
        name: numbered(`${prefix}-${short}`, index + 1),
        steps: [...STEPS],
      })),
    })),
  };
}

/**
 * A world with the one plan `SHOP` of 40 VMs, and the faults by which three of them fail in its failover: a web server,
 * an application server and, with `oneIsCritical`, a database server, at which the plan halts. Otherwise a batch server.
 */
export function threeOfForty({ oneIsCritical = true }: { oneIsCritical?: boolean | undefined } = {}): {
  readonly scenario: Scenario;
  readonly faults: readonly Fault[];
} {
  const plan = 'SHOP';
  const step = 'Verify VM heartbeat';
  const vms = [oneIsCritical ? 'shop-db-02' : 'shop-batch-02', 'shop-app-07', 'shop-web-03'];
  return {
    scenario: { name: 'three-of-forty', vro: { plans: [fortyVmPlan({ name: plan, prefix: 'shop' })] } },
    faults: vms.map((vm) => ({
      kind: 'failStep',
      plan,
      vm,
      step,
      message: 'The VM did not send a heartbeat in time',
    })),
  };
}
