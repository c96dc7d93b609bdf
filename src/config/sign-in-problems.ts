import { z } from 'zod';
import type { ConfigProblem } from './config-error.ts';
import type { ParsedYaml } from './parse-yaml.ts';
import { problemAt } from './problem-at.ts';
import { SIMULATOR } from './schema.ts';

const record = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value).catch({});
const anything = z.unknown().optional();
const somebody = z.looseObject({ kind: anything, password: anything, oidc: anything }).catch({});

/** Only what the checks below need, whatever else is wrong with the file: so all problems come at once. */
const loose = z.looseObject({
  connections: record(z.looseObject({ url: anything }).catch({})),
  people: record(somebody),
  signIn: z.looseObject({ trustLocal: anything, oidc: anything }).catch({}),
});
/** Who starts what a schedule says; who only looks. A person of that name would be mistaken for it. */
const RESERVED = new Set(['schedule', 'nobody', 'muster']);
const subjectOf = z.looseObject({ subject: z.string() });

/** What people, connections and the ways to sign in say against each other. */
export function signInProblems(value: unknown, lineOf: ParsedYaml['lineOf']): ConfigProblem[] {
  const read = loose.safeParse(value);
  if (!read.success) return [];
  const { connections, people, signIn } = read.data;
  const problems: ConfigProblem[] = [];
  const note = (path: readonly string[], message: string): void => {
    problems.push(problemAt(path, message, lineOf));
  };

  const real = Object.keys(connections).find((each) => connections[each]?.url !== SIMULATOR);
  if (signIn.trustLocal === true && real !== undefined) {
    note(
      ['signIn', 'trustLocal'],
      `lets everybody act as anyone, so it is for the simulator only, and ${real} is a real server; remove it, and give people passwords or an identity provider`,
    );
  }

  for (const id of Object.keys(people).filter((each) => RESERVED.has(each))) {
    note(['people', id], 'is a name that muster uses itself in its records; choose another');
  }

  const subjects = new Set<string>();
  for (const [id, { kind = 'person', password, oidc }] of Object.entries(people)) {
    const linked = subjectOf.safeParse(oidc);
    if (signIn.oidc === undefined && linked.success) {
      note(['people', id, 'oidc'], 'there is no identity provider: add signIn.oidc, or remove this');
    }
    // One human with two ids could give two approvals.
    if (signIn.oidc !== undefined && kind === 'person' && password !== undefined && oidc === undefined) {
      note(
        ['people', id],
        'can sign in with a password and perhaps through the identity provider, and must be one person in both: add oidc: { subject: … }, or oidc: none when they have no account there',
      );
    }
    if (!linked.success) continue;
    const { subject } = linked.data;
    if (subjects.has(subject)) note(['people', id, 'oidc'], 'another person has the same subject');
    subjects.add(subject);
  }
  return problems;
}
