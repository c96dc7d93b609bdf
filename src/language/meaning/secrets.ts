import { ExpressionError } from '../../model/expression.ts';
import { expressionsIn } from '../../model/template.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Draft } from '../shape/draft.ts';
import type { Text } from '../shape/values.ts';
import { scalarsIn, type Node } from '../yaml/tree.ts';
import type { Expressions } from './expressions.ts';
import type { Place } from './places.ts';

/** The last word of a name that is a secret: `dbPassword` and `api_key` are, `tokenId` is not. */
const SECRET_WORD = /^(?:password|passwd|pwd|passphrase|secret|credentials?|token|pin|otp)$/;
/** What a `key` is a secret of. */
const KEY_WORD = /^(?:api|access|private|secret|signing|encryption)$/;
/** The same in a sentence; a token that something is *for* is not the value itself. */
const SECRET_IN_SENTENCE = /\b(?:password|passphrase|secret|credentials|api key|private key|access key)\b/i;
/** A name and a password in front of the host of an address. */
const LOGIN_IN_ADDRESS = /^https?:\/\/[^/\s@:]+:[^/\s@]+@/i;

const WHY = 'What a run is given, shows and does is kept in its record, which many people read, for years.';

/** Tells of secrets that would stand where everybody reads them: titles, instructions, what steps are given. */
export function checkSecrets(
  draft: Draft,
  places: readonly Place[],
  expressions: Expressions,
  report: Reporter,
): void {
  const secrets = secretNames(draft);
  for (const { step } of places) {
    const { body } = step;
    if (body.kind === 'manual') tellFields(body.fields, step.at, report);
    if (secrets.size === 0 && body.kind !== 'uses') continue;
    for (const text of [step.title, ...textsOf(body)]) {
      if (text === undefined) continue;
      if (LOGIN_IN_ADDRESS.test(text.text)) {
        const message = 'This address has a password in it.';
        report.add('SECRET_IN_TEXT', text.node, message, WHY);
      }
      if (secrets.size > 0) tellSecrets(text, { secrets, expressions, report });
    }
  }
  for (const { value } of draft.outputs.values()) {
    for (const text of textsIn(value)) tellSecrets(text, { secrets, expressions, report });
  }
}

/** Inputs and variables that are secrets, by their names and what is said of them: `inputs.password`. */
function secretNames({ inputs, vars }: Draft): Set<string> {
  const names = new Set<string>();
  for (const [name, { value }] of inputs) {
    const { type, description = '' } = value;
    const isText = type === 'string';
    if (isText && (isSecretName(name) || SECRET_IN_SENTENCE.test(description))) names.add(`inputs.${name}`);
  }
  for (const [name, { value }] of vars) {
    const isText = Object.values(value).some((one) => typeof one === 'string');
    if (isText && isSecretName(name)) names.add(`vars.${name}`);
  }
  return names;
}

function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .split('_');
  const [before = '', last = ''] = words.slice(-2).length === 2 ? words.slice(-2) : ['', ...words];
  return SECRET_WORD.test(last) || (last === 'key' && KEY_WORD.test(before)) || last === 'apikey';
}

function tellSecrets(
  text: Text,
  {
    secrets,
    expressions,
    report,
  }: { secrets: ReadonlySet<string>; expressions: Expressions; report: Reporter },
): void {
  for (const { path, offset } of referencesIn(text.text)) {
    const name = path.slice(0, 2).join('.');
    if (!secrets.has(name)) continue;
    const message = `\`${name}\` seems to be a secret, and would be read here by many.`;
    const hint = `${WHY} Let the system that needs the secret have it, or rename what is none.`;
    report.add('SECRET_IN_TEXT', expressions.at(text, offset, name.length), message, hint);
  }
}

function referencesIn(text: string): { readonly path: readonly string[]; readonly offset: number }[] {
  try {
    return expressionsIn(text).flatMap(({ expression, offset }) =>
      expression.references.map((reference) => ({ ...reference, offset: offset + reference.offset })),
    );
  } catch (error) {
    // It has been reported where expressions are checked.
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

function tellFields(
  fields: { readonly [name: string]: unknown },
  at: { readonly start: number; readonly end: number },
  report: Reporter,
): void {
  for (const name of Object.keys(fields)) {
    if (!isSecretName(name)) continue;
    const message = `The field \`${name}\` asks people for a secret, and would be read by many.`;
    report.add('SECRET_IN_TEXT', at, message, WHY);
  }
}

function textsOf(body: Place['step']['body']): (Text | undefined)[] {
  switch (body.kind) {
    case 'uses':
      return [body.withNode, body.rollback?.body.withNode].flatMap((node) =>
        node === undefined ? [] : textsIn(node),
      );
    case 'runbook':
      return body.withNode === undefined ? [] : textsIn(body.withNode);
    case 'approval':
      return [body.title];
    case 'manual':
      return [body.title, body.instructions];
    case 'wait':
    case 'check':
    case 'steps':
    case 'parallel':
    case 'forEach':
    case 'broken':
      return [];
  }
}

function textsIn(node: Node): Text[] {
  return [...scalarsIn(node)].flatMap((scalar) =>
    typeof scalar.value === 'string' ? [{ text: scalar.value, node: scalar }] : [],
  );
}
