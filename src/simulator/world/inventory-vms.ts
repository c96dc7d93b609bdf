import type { ScenarioSpec } from '../scenario.ts';
import { stableId } from '../ids.ts';
import type { PlanType } from '../scenario/plan-spec.ts';
import { cdpPolicyNamed, type ProtectionSpec, type RhythmSpec } from '../scenario/protection-spec.ts';
import type { CdpPolicy, Chain, Job, ProtectedVm, Site } from './inventory.ts';
import { rhythmWith } from './rhythm.ts';

type VmSettings = ProtectionSpec['vms'][number];

/** The first plan that a VM is in; none of a VM that only the protection lists. */
interface OfPlan {
  readonly name?: string;
  readonly planType?: PlanType;
}

const GIB = 2 ** 30;
/** How many VMs share a host; only the names of hosts follow from it. */
const VMS_PER_HOST = 40;

/** Every VM of a plan, then those that only the protection lists, each once, with the jobs that protect them. */
export function protectedVms(
  { vro, vbr }: ScenarioSpec,
  site: Site,
): { vms: readonly ProtectedVm[]; jobs: readonly Job[]; cdpPolicies: readonly CdpPolicy[] } {
  const settings = new Map(vbr.vms.map((vm) => [vm.name.toLowerCase(), vm]));
  const vms = new Map<string, ProtectedVm>();
  const jobs = new Map<string, Job & { size: number }>();

  const policies = new Map<string, CdpPolicy>();
  const policyOf = (policy: ProtectionSpec['cdpPolicies'][number]): CdpPolicy => {
    const known = policies.get(policy.name) ?? { ...policy, id: stableId(`cdp/${policy.name}`) };
    policies.set(policy.name, known);
    return known;
  };
  vbr.cdpPolicies.forEach(policyOf);

  const jobOf = (
    kind: Job['kind'],
    name: string,
    rhythm: RhythmSpec,
    id = stableId(`job/${kind}/${name}`),
  ) => {
    const key = `${kind}/${name}`;
    const job = jobs.get(key) ?? { id, name, kind, rhythm, size: 0 };
    job.size += 1;
    jobs.set(key, job);
    return job;
  };
  const add = (name: string, { planType, name: plan = 'others' }: OfPlan): void => {
    const own: VmSettings | undefined = settings.get(name.toLowerCase());
    const ordinal = vms.size;
    const id = stableId(`vm/${name}`);
    const chain = (kind: 'replication' | 'backup', rhythm: RhythmSpec, job: Job): Chain => {
      const chainId = stableId(`${kind}/${name}`);
      return { id: chainId, ordinal, ownerId: chainId, rhythm, job };
    };
    const backedUp = (): Chain => {
      const rhythm = rhythmWith(vbr.backup, own?.backup);
      return chain('backup', rhythm, jobOf('backup', own?.backupJob ?? `Backup ${plan}`, rhythm));
    };
    const replicated = (): Chain | undefined => {
      const isCdp =
        own?.cdpPolicy !== undefined || (planType === 'CDPReplica' && own?.replicationJob === undefined);
      if (!(own?.isReplicated ?? (isCdp || planType === 'Replica'))) return undefined;
      if (!isCdp) {
        const rhythm = rhythmWith(vbr.replication, own?.replication);
        return chain('replication', rhythm, jobOf('replication', own?.replicationJob ?? name, rhythm));
      }
      const policy = policyOf(cdpPolicyNamed(own?.cdpPolicy ?? `CDP ${plan}`));
      const rhythm = rhythmWith(rhythmOf(policy, vbr.replication), own?.replication);
      return chain('replication', rhythm, jobOf('cdpPolicy', policy.name, rhythm, policy.id));
    };
    vms.set(name.toLowerCase(), {
      id,
      number: ordinal + 1,
      name,
      site,
      hostName: `esx-${String(Math.floor(ordinal / VMS_PER_HOST) + 1).padStart(3, '0')}.hq.example`,
      ipAddress: `10.${10 + Math.floor(ordinal / 62_500)}.${Math.floor(ordinal / 250) % 250}.${(ordinal % 250) + 1}`,
      usedBytes: (20 + (ordinal % 9) * 15) * GIB,
      provisionedBytes: (40 + (ordinal % 9) * 30) * GIB,
      malware: own?.malware ?? 'Clean',
      backup: backedUp(),
      replica: replicated(),
    });
  };

  for (const plan of vro.plans) {
    for (const { vms: members } of plan.groups) {
      for (const { name } of members) {
        if (!vms.has(name.toLowerCase())) add(name, plan);
      }
    }
  }
  for (const { name } of vbr.vms) if (!vms.has(name.toLowerCase())) add(name, {});
  return { vms: [...vms.values()], jobs: [...jobs.values()], cdpPolicies: [...policies.values()] };
}

/** A policy makes points all the time, unless somebody has disabled it: the newest is never older than its objective. */
function rhythmOf(
  { rpoSeconds, isDisabled }: CdpPolicy,
  { points, newestAgeSeconds }: RhythmSpec,
): RhythmSpec {
  return {
    everySeconds: rpoSeconds,
    points,
    newestAgeSeconds: isDisabled ? newestAgeSeconds : 0,
    isStopped: isDisabled,
  };
}
