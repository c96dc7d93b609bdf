import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAN_STATES } from '../src/catalog/vro-states.ts';
import { defaultApiVersion } from '../src/config/schema.ts';
import {
  ONE_API_VERSIONS,
  ONE_OPERATIONS,
  VBR_API_VERSIONS,
  VBR_OPERATIONS,
  VRO_API_VERSIONS,
  VRO_OPERATIONS,
} from '../src/veeam/index.ts';
import type { Operation } from '../src/veeam/operation.ts';
import { settingsOf } from '../src/veeam/options.ts';
import { page, table } from './markdown.ts';
import { ONE_COMMANDS, VBR_COMMANDS, VRO_COMMANDS, type CommandFacts } from './veeam-commands.ts';

/** The page, whose text is written by hand and whose tables are made. */
const PAGE = join(import.meta.dirname, '..', 'docs', 'veeam.md');

const PARTS: Readonly<Record<string, () => string>> = {
  versions,
  'calls of VRO': () => calls(VRO_OPERATIONS, VRO_API_VERSIONS),
  'calls of VBR': () => calls(VBR_OPERATIONS, VBR_API_VERSIONS),
  'calls of Veeam ONE': () => calls(ONE_OPERATIONS, ONE_API_VERSIONS),
  'commands of VRO': () => commands(VRO_COMMANDS),
  'commands of VBR': () => commands(VBR_COMMANDS),
  'commands of Veeam ONE': () => commands(ONE_COMMANDS),
  'plan states': planStates,
  'time limits': timeLimits,
};

/** docs/veeam.md with its tables made anew. Throws when a table has lost its place in the text, or a place its table. */
export async function veeamPage(): Promise<string> {
  const text = await readFile(PAGE, 'utf8');
  const left = new Set(Object.keys(PARTS));
  const made = text.replaceAll(
    /<!-- made: (.+?) -->[^]*?<!-- end -->/g,
    (_whole: string, name: string): string => {
      const part = PARTS[name];
      if (part === undefined) throw new Error(`docs/veeam.md: nothing makes the part "${name}".`);
      left.delete(name);
      return `<!-- made: ${name} -->\n\n${part()}\n\n<!-- end -->`;
    },
  );
  if (left.size > 0) throw new Error(`docs/veeam.md has no place for: ${[...left].join(', ')}.`);
  return page(made);
}

function versions(): string {
  const row = (product: string, kind: 'vro' | 'vbr' | 'one', all: readonly string[], where: string) => [
    product,
    `\`${kind}\``,
    all.map((version) => `\`${version}\``).join(', '),
    `\`${defaultApiVersion(kind)}\``,
    where,
  ];
  return table(
    ['product', '`kind`', 'versions', 'when none is named', 'how the server is told'],
    [
      row('Veeam Recovery Orchestrator (VRO)', 'vro', VRO_API_VERSIONS, 'in the path, `/api/v7.21/…`'),
      row(
        'Veeam Backup & Replication (VBR)',
        'vbr',
        VBR_API_VERSIONS,
        'in the header `x-api-version` of every request',
      ),
      row('Veeam ONE', 'one', ONE_API_VERSIONS, 'in the path, `/api/v2.3/…`'),
    ],
  );
}

/** The calls of a product, with the notes below that several of them share. */
function calls(operations: Readonly<Record<string, Operation>>, all: readonly string[]): string {
  const entries = Object.entries(operations);
  const notes = [...new Set(entries.flatMap(([, { note }]) => (note === undefined ? [] : [note])))];
  const rows = entries.map(([verb, { method, path, versions: known, confidence, source, note }]) => [
    `\`${method} ${path}\``,
    `\`${verb}\``,
    known.length === all.length ? 'all' : known.join(', '),
    confidence,
    source,
    note === undefined ? '' : String(notes.indexOf(note) + 1),
  ]);
  const head = ['call', 'verb', 'versions', 'sure', 'source', 'note'];
  return `${table(head, rows)}\n\nNotes:\n\n${notes.map((note, index) => `${index + 1}. ${note}`).join('\n')}`;
}

function commands(all: Readonly<Record<string, CommandFacts<string>>>): string {
  return table(
    ['action', 'verb', 'nothing is sent when', 'after an unclear answer it happened when'],
    Object.entries(all).map(([name, { verb, already, happened }]) => [
      `\`${name}\``,
      `\`${verb}\``,
      already,
      happened,
    ]),
  );
}

/** The one state code that the vendor prints. */
const CERTAIN_STATE = 'RestoreComplete';

function planStates(): string {
  return table(
    ['state code', 'the plan is at', 'sure'],
    Object.entries(PLAN_STATES).map(([code, position]) => [
      `\`${code}\``,
      `\`${position}\``,
      code === CERTAIN_STATE ? 'A' : 'GUESS',
    ]),
  );
}

function timeLimits(): string {
  const { timeouts, limits } = settingsOf({ connection: 'any', url: 'https://any.example' });
  const seconds = (ms: number): string => `${ms / 1_000} s`;
  return table(
    ['limit', 'value', 'then'],
    [
      ['to connect, TLS included', seconds(timeouts.connectMs), '`veeam.unreachable`'],
      ['to the first byte of the answer', seconds(timeouts.headersMs), '`veeam.timeout`'],
      ['between two parts of the answer', seconds(timeouts.bodyMs), '`veeam.timeout`'],
      [
        'a whole call, with login, repeats and waiting',
        seconds(timeouts.totalMs),
        '`veeam.timeout`, or `veeam.throttled` when it waited for Retry-After',
      ],
      ['size of an answer', `${limits.bodyBytes / 1024 / 1024} MiB`, '`veeam.tooLarge`'],
      ['reads at the same time', String(limits.connections), 'the next one waits'],
      ['longest wait taken from Retry-After', seconds(limits.retryAfterMs), 'it is asked again after that'],
      [
        'failures in a row that open the circuit',
        String(limits.circuitFailures),
        `\`veeam.circuitOpen\` for ${seconds(limits.circuitOpenMs)}, doubled with each failed trial up to ${seconds(limits.circuitMaxMs)}`,
      ],
    ],
  );
}
