import { z } from 'zod';
import type { ConfigProblem } from './config-error.ts';
import type { ParsedYaml } from './parse-yaml.ts';
import { problemAt } from './problem-at.ts';

const names = z.array(z.string().catch('')).catch([]);

/** Only what the checks below need, whatever else is wrong with the file: so all problems come at once. */
const loose = z.looseObject({
  channels: z.record(z.string(), z.unknown()).catch({}),
  notifications: z
    .looseObject({ gates: names, schedules: names, roles: z.record(z.string(), names).catch({}) })
    .catch({ gates: [], schedules: [], roles: {} }),
});

/** Channels that are named and do not exist: nobody would be told, and nobody would notice. */
export function channelProblems(value: unknown, lineOf: ParsedYaml['lineOf']): ConfigProblem[] {
  const read = loose.safeParse(value);
  if (!read.success) return [];
  const { channels, notifications } = read.data;
  const { gates, schedules, roles } = notifications;
  const lists: [path: string[], named: readonly string[]][] = [
    [['gates'], gates],
    [['schedules'], schedules],
    ...Object.entries(roles).map(([role, named]): [string[], readonly string[]] => [['roles', role], named]),
  ];
  return lists.flatMap(([path, named]) =>
    named.flatMap((one, index) =>
      Object.hasOwn(channels, one)
        ? []
        : [problemAt(['notifications', ...path, index], 'names no channel under channels', lineOf)],
    ),
  );
}
