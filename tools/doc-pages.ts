import { z } from 'zod';
import { CATALOG, specOf, type ActionName } from '../src/catalog/index.ts';
import { EXIT_CODES } from '../src/cli/exit-codes.ts';
import { MUSTER_ERRORS } from '../src/client/errors.ts';
import { CONTROL_ERRORS } from '../src/control/errors.ts';
import { HTTP_ERRORS } from '../src/http/problem.ts';
import { IDENTITY_CODES } from '../src/identity/index.ts';
import { EVIDENCE_CODES, LEDGER_CODES } from '../src/ledger/index.ts';
import { DIAGNOSTICS } from '../src/language/diagnostics.ts';
import { FAILURE_CODES } from '../src/model/failure.ts';
import { formatDuration } from '../src/model/duration.ts';
import { REFUSALS } from '../src/model/vote.ts';
import { SECRET_CODES, STORE_CODES } from '../src/store/index.ts';
import { page, table } from './markdown.ts';

const MADE = '<!-- Made from the code by `npm run docs`; a test holds it equal. -->';

/** docs/errors.md: every code a user can meet, with its meaning. */
export async function errorsPage(): Promise<string> {
  const diagnostics = Object.entries(DIAGNOSTICS).map(([code, { severity, meaning }]) => [
    `\`${code}\``,
    severity,
    meaning,
  ]);
  return page(`# Codes

${MADE}

Codes are stable: scripts may rely on them, never on the sentences.

## Exit codes of the command

${table(
  ['code', 'meaning'],
  EXIT_CODES.map(([code, meaning]) => [String(code), meaning]),
)}

## Diagnostics of a runbook

${table(['code', 'severity', 'meaning'], diagnostics)}

## Failures of a step

${codes(FAILURE_CODES)}

## Why a vote does not count

${codes(REFUSALS)}

## Errors of the operations

${codes(MUSTER_ERRORS)}

## Errors of the server

${codes(HTTP_ERRORS)}

## Errors of the way to Temporal

${codes(CONTROL_ERRORS)}

## Errors of people and logins

${codes(IDENTITY_CODES)}

## Errors of the store

${codes(STORE_CODES)}

## Errors of sealed secrets

${codes(SECRET_CODES)}

## Errors of the ledger

${codes(LEDGER_CODES)}

## Why evidence does not verify

${codes(EVIDENCE_CODES)}
`);
}

/** docs/actions.md: the reference of the catalog. */
export async function actionsPage(): Promise<string> {
  const parts = (Object.keys(CATALOG) as ActionName[]).map(actionPart);
  return page(`# Actions

${MADE}

What a step can \`uses\`. A **command** changes the world and is done at most once; a **read** and a **watch** change
nothing. Impact \`production\` needs an approval, or in a drill a place on the configured list. \`failed[].vm\` is the
field \`vm\` of each item of the list \`failed\`: \`output.failed.exists(one, one.vm == "erp-db-01")\`.

${parts.join('\n\n')}
`);
}

function actionPart(name: ActionName): string {
  const { summary, effect, impact, undo, irreversible, timeoutMs, legal, input, output } = specOf(name);
  const facts = [
    effect,
    ...(effect === 'command' ? [`impact ${impact}`, `undo ${undo}`] : []),
    ...(irreversible === true ? ['**cannot be taken back: no drill may do it**'] : []),
    `timeout ${formatDuration(timeoutMs)}`,
    ...(legal === undefined
      ? []
      : [
          `legal when the plan is: ${legal.states.join(', ')}${legal.enabled === true ? ', and enabled' : ''} (confidence ${legal.confidence})`,
        ]),
  ];
  return `## ${name}

${summary}

${facts.join('; ')}.

${fields('Input', input)}

${fields('Output', output)}`;
}

interface JsonField {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonField[];
  readonly const?: unknown;
  readonly format?: string;
  readonly items?: JsonField;
  readonly properties?: Readonly<Record<string, JsonField>>;
  readonly required?: readonly string[];
}

function fields(title: string, schema: z.ZodObject): string {
  const json = z.toJSONSchema(schema, { io: title === 'Input' ? 'input' : 'output' }) as JsonField;
  return `${title}:\n\n${table(['field', 'type', 'meaning'], rowsOf(json))}`;
}

/** A row for each field, and for those in it: `plan.name`, and `failed[].vm` of the items of a list. */
function rowsOf({ properties = {}, required = [] }: JsonField, prefix = ''): string[][] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    const meaning = [
      field.description,
      field.default === undefined ? undefined : `default \`${JSON.stringify(field.default)}\``,
    ].filter((text) => text !== undefined);
    const row = [
      `\`${name}\`${required.includes(key) ? '' : ' (optional)'}`,
      typeText(field),
      meaning.join('; '),
    ];
    const inner = field.items === undefined ? rowsOf(field, `${name}.`) : rowsOf(field.items, `${name}[].`);
    return [row, ...inner];
  });
}

function typeText(field: JsonField): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.anyOf !== undefined) return field.anyOf.map(typeText).join(' or ');
  if (field.items !== undefined) return `list of ${typeText(field.items)}`;
  const type = [field.type ?? 'any'].flat().join(' or ');
  return field.format === undefined ? type : `${type} (${field.format})`;
}

function codes(table_: Readonly<Record<string, string>>): string {
  return table(
    ['code', 'meaning'],
    Object.entries(table_).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}
