import { stableId } from '../ids.ts';
import type { ScenarioSpec } from '../scenario.ts';
import { protectedVms } from './inventory-vms.ts';
import type { Inventory, ProtectedComputer, ProtectedVm, Site } from './inventory.ts';
import { newestAt, pointsOf, rhythmWith } from './rhythm.ts';

/** The inventory of a scenario whose world starts at `start`. */
export function createInventory({ scenario, start }: { scenario: ScenarioSpec; start: number }): Inventory {
  const { vbr } = scenario;
  const site = (name: string): Site => ({ id: stableId(`site/${name}`), name });
  const sites = { production: site(scenario.sites.production), recovery: site(scenario.sites.recovery) };
  const { vms, jobs, cdpPolicies } = protectedVms(scenario, sites.production);
  const byKey = new Map<string, ProtectedVm>();
  for (const vm of vms) {
    byKey.set(vm.id, vm);
    byKey.set(vm.name.toLowerCase(), vm);
    if (vm.replica !== undefined) byKey.set(vm.replica.id, vm);
  }

  const computers = vbr.agentBackups.map((backup, index): ProtectedComputer => {
    const rhythm = rhythmWith(vbr.agents, backup.points);
    const job = {
      id: stableId(`job/agentBackup/${backup.name}`),
      name: backup.name,
      kind: 'agentBackup',
      rhythm,
      size: 1,
    } as const;
    return {
      id: stableId(`computer/${backup.computer}`),
      number: index + 1,
      name: backup.computer,
      ipAddress: `10.200.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      usedBytes: (20 + (index % 7) * 10) * 2 ** 30,
      backup: { id: backup.id, ordinal: index, ownerId: backup.id, rhythm, job },
    };
  });
  const computersByKey = new Map(
    computers.flatMap((computer) => [
      [computer.id, computer] as const,
      [computer.name.toLowerCase(), computer] as const,
    ]),
  );

  return {
    start,
    sites,
    servers: vbr.servers.map((server, index) => ({
      ...server,
      id: stableId(`server/${server.name}`),
      number: index + 1,
    })),
    vms,
    vm: (key) => byKey.get(key.toLowerCase()),
    vmAt: (ordinal) => vms[ordinal],
    computers,
    computer: (key) => computersByKey.get(key.toLowerCase()),
    jobs: [...jobs, ...computers.map(({ backup }) => backup.job)],
    cdpPolicies,
    sureBackupJobs: vbr.sureBackupJobs.map(({ lastRunAgeSeconds, ...job }) => ({
      ...job,
      id: stableId(`sureBackup/${job.name}`),
      lastRunAt: start - lastRunAgeSeconds * 1000,
    })),
    backupPoints: ({ backup }, now) => pointsOf(backup, { start, now }),
    lastRunOf: ({ rhythm }, now) => newestAt(rhythm, { start, now }),
  };
}
