import { z } from 'zod';
import type { ConfigProblem } from './config-error.ts';
import type { ParsedYaml } from './parse-yaml.ts';
import { problemAt } from './problem-at.ts';

type LineOf = ParsedYaml['lineOf'];

/** What a schema found wrong, in the words of the file. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], lineOf: LineOf): ConfigProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const message = 'muster knows no such field here; remove it, or correct its spelling';
      return issue.keys.map((key) => problemAt([...issue.path, key], message, lineOf));
    }
    if (issue.code === 'invalid_key') {
      return [problemAt(issue.path, `is no name; ${issue.issues[0]?.message ?? 'choose another'}`, lineOf)];
    }
    return [problemAt(issue.path, messageOf(issue), lineOf)];
  });
}

/** What zod calls the shapes that people write. */
const SHAPES: Readonly<Record<string, string>> = {
  object: 'write fields (name: value)',
  record: 'write names with their fields',
  array: 'write a list, e.g. [a, b]',
  string: 'write text; quote it if it looks like a number',
};

/** The schema's own words where it has some, else what is expected here. */
function messageOf(issue: z.core.$ZodIssue): string {
  const isZods = issue.code === 'invalid_type' && issue.message.startsWith('Invalid input');
  return isZods ? (SHAPES[issue.expected] ?? issue.message) : issue.message;
}

/** Only what the checks below need, whatever else is wrong with the file: so all problems come at once. */
const references = z.looseObject({
  connections: z
    .record(z.string(), z.looseObject({ kind: z.string().catch('') }).catch({ kind: '' }))
    .catch({}),
  drill: z.looseObject({ allow: z.array(z.string().catch('')).catch([]) }).catch({ allow: [] }),
});

const SYSTEM_OF = { plan: 'vro', replica: 'vbr', recoveryToken: 'vbr' } as const;

/** Drill targets whose connection does not exist, or is of another kind. */
export function referenceProblems(value: unknown, lineOf: LineOf): ConfigProblem[] {
  const read = references.safeParse(value);
  if (!read.success) return [];
  const { connections, drill } = read.data;
  return drill.allow.flatMap((target, index) => {
    const [connection = '', kind] = target.split('/');
    if (kind !== 'plan' && kind !== 'replica' && kind !== 'recoveryToken') return [];
    const path = ['drill', 'allow', index];
    if (!Object.hasOwn(connections, connection)) {
      return [problemAt(path, 'names a connection that is not under connections', lineOf)];
    }
    const found = connections[connection]?.kind;
    const wanted = SYSTEM_OF[kind];
    return found === wanted
      ? []
      : [problemAt(path, `a ${kind} needs a connection of kind ${wanted}`, lineOf)];
  });
}
