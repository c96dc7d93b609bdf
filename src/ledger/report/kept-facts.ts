import { z } from 'zod';
import { formatDuration } from '../../model/duration.ts';
import type { GateFacts } from '../../model/gate-facts.ts';
import type { KeptGate } from '../../store/index.ts';

const keptFacts = z.object({
  at: z.number(),
  plans: z.array(
    z.object({
      target: z.string(),
      name: z.string(),
      state: z.string(),
      check: z.string().exactOptional(),
      verification: z.string(),
      machines: z.number(),
    }),
  ),
  machines: z.array(
    z.object({ name: z.string(), isCritical: z.boolean(), newestPoint: z.number().exactOptional() }),
  ),
  more: z.number(),
  unknown: z.array(z.string()),
});

/** What the servers said when a gate opened, as it was kept with the gate. */
export function factsOf({ asked }: Pick<KeptGate, 'asked'>): GateFacts | undefined {
  return keptFacts.safeParse(asked['facts']).data;
}

/** The facts as sentences: what people saw when they answered. */
export function factLines({ at, plans, machines, more, unknown }: GateFacts): string[] {
  const aged = machines.filter(({ newestPoint }) => newestPoint !== undefined);
  const oldest = Math.min(...aged.map(({ newestPoint }) => newestPoint ?? at));
  const critical = machines.filter(({ isCritical }) => isCritical).length;
  const count = machines.length + more;
  return [
    ...plans.map(({ name, state, check, verification, machines: vms }) => {
      const checked = check === undefined ? 'never checked for readiness' : `readiness check: ${check}`;
      return `Plan ${name}: ${state}; ${checked}; verification: ${verification}; machines: ${vms}.`;
    }),
    ...(count === 0 ? [] : [`Machines: ${count}, of which ${critical} critical.`]),
    ...(aged.length === 0
      ? []
      : [`The oldest newest restore point was ${formatDuration(Math.max(0, at - oldest))} old.`]),
    ...unknown,
  ];
}
