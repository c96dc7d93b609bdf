import { fortyVmPlan, numbered } from './forty-vms.ts';
import type { Scenario } from './scenario.ts';

type Plan = Scenario['vro']['plans'][number];
type ProtectedVm = NonNullable<NonNullable<Scenario['vbr']>['vms']>[number];

/** The plan with the most VMs, 2,000 of them. */
export const LARGEST_PLAN = 'FRA Datacenter';
/** A plan of 40 VMs in four groups. */
export const FORTY_VM_PLAN = 'FRA Web Shop';

const PLANS = 500;
const VMS = 20_000;
const LARGEST_PLAN_VMS = 2_000;
const LARGEST_PLAN_GROUPS = 20;

const SITES = [
  { name: 'Frankfurt', short: 'FRA' },
  { name: 'Munich', short: 'MUC' },
  { name: 'Hamburg', short: 'HAM' },
  { name: 'Vienna', short: 'VIE' },
  { name: 'Zurich', short: 'ZRH' },
] as const;

const AREAS = [
  ['Finance', 'fin'],
  ['Human Resources', 'hr'],
  ['Logistics', 'log'],
  ['Procurement', 'pro'],
  ['Sales', 'sal'],
  ['Marketing', 'mkt'],
  ['Production', 'prd'],
  ['Quality', 'qms'],
  ['Maintenance', 'mnt'],
  ['Research', 'rnd'],
  ['Legal', 'leg'],
  ['Compliance', 'cmp'],
  ['Treasury', 'trs'],
  ['Payments', 'pay'],
  ['Customer Service', 'csv'],
  ['Warehouse', 'whs'],
  ['Fleet', 'flt'],
  ['Facilities', 'fac'],
  ['Energy', 'nrg'],
  ['Security', 'sec'],
] as const;

const SYSTEMS = [
  ['Core', 'core'],
  ['Portal', 'prtl'],
  ['Reporting', 'rep'],
  ['Archive', 'arc'],
  ['Interfaces', 'ifc'],
] as const;

/** Of every eight VMs two are databases, four applications, two web servers. */
const TIERS = [
  { name: 'Database', short: 'db', share: 2, isCritical: true },
  { name: 'Application', short: 'app', share: 4, isCritical: false },
  { name: 'Web', short: 'web', share: 2, isCritical: false },
] as const;

/** Every so many VMs one's replication has stopped a day and more ago: it misses any objective. */
const STALE_EVERY = 400;
const STALE_AGE_SECONDS = 26 * 3600;
/** Plans by type: the rest is of type Replica. */
const TYPE_EVERY = [
  [10, 'Restore'],
  [25, 'Storage'],
  [33, 'CDPReplica'],
] as const;
/** Every so many plans one is disabled, or has to be checked. */
const DISABLED_EVERY = 17;
const UNVERIFIED_EVERY = 13;

/** The steps of one VM; few, since there are so many VMs. */
const STEPS = [
  { name: 'Process replica VM', actionType: 'ProcessReplicaVm', seconds: 2, isCritical: true },
  { name: 'Verify VM heartbeat', actionType: 'VmHeartbeat', seconds: 1, isCritical: true },
];

/** How many VMs the plan number `index` of the `count` ordinary ones has: a few or many, but `vms` together. */
function sizeOf(index: number, count: number, vms: number): number {
  const mean = Math.floor(vms / count);
  const spread = Math.floor(index / 2) % (mean - TIERS.length);
  const isPaired = index - (index % 2) + 1 < count;
  const own = isPaired ? mean + (index % 2 === 0 ? spread : -spread) : mean;
  return own + (index < vms - mean * count ? 1 : 0);
}

function tiered(prefix: string, size: number): Plan['groups'] {
  const shares = TIERS.reduce((sum, { share }) => sum + share, 0);
  let left = size;
  return TIERS.map(({ name, short, share, isCritical }, index) => {
    const isLast = index === TIERS.length - 1;
    const count = isLast ? left : Math.max(1, Math.floor((size * share) / shares));
    left -= count;
    return {
      name,
      isCritical,
      vms: Array.from({ length: count }, (_, number) => ({
        name: numbered(`${prefix}-${short}`, number + 1),
        steps: STEPS,
      })),
    };
  });
}

function ordinaryPlan(index: number, size: number): Plan {
  const site = SITES[index % SITES.length] ?? SITES[0];
  const within = Math.floor(index / SITES.length);
  const [area, areaShort] = AREAS[within % AREAS.length] ?? AREAS[0];
  const [system, systemShort] = SYSTEMS[Math.floor(within / AREAS.length) % SYSTEMS.length] ?? SYSTEMS[0];
  const prefix = `${site.short}-${areaShort}-${systemShort}`.toLowerCase();
  return {
    name: `${site.short} ${area} ${system}`,
    description: `${area}: ${system.toLowerCase()} systems of ${site.name}`,
    planType: TYPE_EVERY.find(([every]) => index % every === every - 1)?.[1] ?? 'Replica',
    mode: index % DISABLED_EVERY === DISABLED_EVERY - 1 ? 'Disabled' : 'Enabled',
    verification: index % UNVERIFIED_EVERY === UNVERIFIED_EVERY - 1 ? 'NeedsVerified' : 'Verified',
    scope: site.name,
    recoveryLocation: `${site.name} recovery site`,
    groups: tiered(prefix, size),
  };
}

function largestPlan(): Plan {
  const perGroup = LARGEST_PLAN_VMS / LARGEST_PLAN_GROUPS;
  return {
    name: LARGEST_PLAN,
    description: 'Everything of Frankfurt that has no plan of its own',
    scope: SITES[0].name,
    recoveryLocation: `${SITES[0].name} recovery site`,
    groups: Array.from({ length: LARGEST_PLAN_GROUPS }, (_, group) => ({
      name: numbered('Rack', group + 1),
      isCritical: group === 0,
      vms: Array.from({ length: perGroup }, (_vm, number) => ({
        name: numbered('fra-dc', group * perGroup + number + 1, 4),
        steps: STEPS,
      })),
    })),
  };
}

/** One replication job per plan, one CDP policy per site; the replicas of a few VMs are too old. */
function protectionOf(plans: readonly Plan[]): ProtectedVm[] {
  let number = 0;
  return plans.flatMap(({ name: plan, planType, scope, groups }) => {
    const site = SITES.find(({ name }) => name === scope);
    const by =
      planType === 'CDPReplica' && site !== undefined
        ? { cdpPolicy: `CDP ${site.short}` }
        : { replicationJob: `Replicate ${plan}` };
    return groups.flatMap(({ vms = [] }) =>
      vms.map(({ name }) => {
        number += 1;
        const isStale = number % STALE_EVERY === 0;
        return {
          name,
          ...by,
          ...(isStale ? { replication: { isStopped: true, newestAgeSeconds: STALE_AGE_SECONDS } } : {}),
        };
      }),
    );
  });
}

/**
 * A big company's world, the same in every process: 500 plans of five sites with 20,000 VMs, one plan with 2,000 of them
 * (`LARGEST_PLAN`), and one of 40 VMs in groups (`FORTY_VM_PLAN`).
 */
export function largeScenario(): Scenario {
  const forty: Plan = {
    ...fortyVmPlan({ name: FORTY_VM_PLAN, prefix: 'fra-shop' }),
    scope: SITES[0].name,
    recoveryLocation: `${SITES[0].name} recovery site`,
  };
  const ordinary = PLANS - 2;
  const left = VMS - LARGEST_PLAN_VMS - 40;
  const plans = [
    largestPlan(),
    forty,
    ...Array.from({ length: ordinary }, (_, index) => ordinaryPlan(index, sizeOf(index, ordinary, left))),
  ];
  return {
    name: 'large',
    vro: {
      scopes: SITES.map(({ name }) => ({ name })),
      recoveryLocations: SITES.map(({ name }) => ({ name: `${name} recovery site` })),
      plans,
    },
    vbr: {
      servers: SITES.map(({ short }) => ({ name: `vbr-${short.toLowerCase()}-01.corp.example` })),
      agentBackups: Array.from({ length: 200 }, (_, index) => {
        const computer = numbered('branch', index + 1, 3);
        return { name: `Agent backup - ${computer}`, computer };
      }),
      vms: protectionOf(plans),
      cdpPolicies: SITES.map(({ short }) => ({ name: `CDP ${short}` })),
      sureBackupJobs: SITES.map(({ short }) => ({ name: `SureBackup ${short}` })),
    },
  };
}
