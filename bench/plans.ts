import type { Scenario } from '../src/simulator/index.ts';

/** A world with plans of these names, each with how many simulated seconds its readiness check takes. */
export function plansWithChecks(seconds: Readonly<Record<string, number>>): Scenario {
  const plans = Object.entries(seconds).map(([name, check]) => ({
    name,
    durations: { check },
    groups: [{ name: 'Machines', vms: [{ name: 'vm-01', steps: [{ name: 'Start', seconds: 1 }] }] }],
  }));
  return { name: 'bench', vro: { plans } };
}
