import type { ScenarioSpec } from '../scenario.ts';
import { stableId } from '../ids.ts';
import type { ProtectionSpec, RhythmSpec } from '../scenario/protection-spec.ts';
import type { Chain, Job, ProtectedVm, Site } from './inventory.ts';
import { rhythmWith } from './rhythm.ts';

type VmSettings = ProtectionSpec['vms'][number];

const GIB = 2 ** 30;
/** How many VMs share a host; only the names of hosts follow from it. */
const VMS_PER_HOST = 40;

/** Every VM of a plan, then those that only the protection lists, each once, with the jobs that protect them. */
export function protectedVms(
  { vro, vbr }: ScenarioSpec,
  site: Site,
): { vms: readonly ProtectedVm[]; jobs: readonly Job[] } {
  const settings = new Map(vbr.vms.map((vm) => [vm.name.toLowerCase(), vm]));
  const vms = new Map<string, ProtectedVm>();
  const jobs = new Map<string, Job & { size: number }>();

  const jobOf = (kind: 'replication' | 'backup', name: string, rhythm: RhythmSpec): Job => {
    const key = `${kind}/${name}`;
    const job = jobs.get(key) ?? { id: stableId(`job/${key}`), name, kind, rhythm, size: 0 };
    job.size += 1;
    jobs.set(key, job);
    return job;
  };
  const add = (name: string, isReplicated: boolean, backupJob: string): void => {
    const own: VmSettings | undefined = settings.get(name.toLowerCase());
    const ordinal = vms.size;
    const id = stableId(`vm/${name}`);
    const chain = (kind: 'replication' | 'backup', job: string): Chain => {
      const rhythm = rhythmWith(vbr[kind], own?.[kind]);
      const chainId = stableId(`${kind}/${name}`);
      return { id: chainId, ordinal, ownerId: chainId, rhythm, job: jobOf(kind, job, rhythm) };
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
      backup: chain('backup', own?.backupJob ?? backupJob),
      replica:
        (own?.isReplicated ?? isReplicated) ? chain('replication', own?.replicationJob ?? name) : undefined,
    });
  };

  for (const plan of vro.plans) {
    for (const { vms: members } of plan.groups) {
      for (const { name } of members) {
        if (!vms.has(name.toLowerCase())) add(name, plan.planType === 'Replica', `Backup ${plan.name}`);
      }
    }
  }
  for (const { name } of vbr.vms) if (!vms.has(name.toLowerCase())) add(name, false, 'Backup others');
  return { vms: [...vms.values()], jobs: [...jobs.values()] };
}
