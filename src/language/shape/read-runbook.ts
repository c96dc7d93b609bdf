import type { Json } from '../../model/json.ts';
import type { Mode } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Node } from '../yaml/tree.ts';
import type { Declared, Draft, DraftStep } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { readInput } from './read-input.ts';
import { StepReader } from './read-step.ts';
import { checkName, isRunbookName, readConnectionName } from './names.ts';
import { readDecisions } from './read-decisions.ts';
import { readObjectives } from './read-objectives.ts';
import { readSchedules } from './read-schedules.ts';
import { readJson, readText } from './values.ts';
import { BY_MODE, CONNECTIONS, RUNBOOK } from './vocabulary.ts';

const API_VERSION = 'muster/v1';
const MAX_NAME_LENGTH = 64;
/** As people are called in muster.yaml, or by an identity provider. */
const PERSON_ID = /^[a-z][a-z0-9-]*$/;
const MAX_TITLE_LENGTH = 200;

/** Reads the tree of a file into a draft; undefined when there is nothing to go on with. */
export function readRunbook(node: Node | undefined, report: Reporter): Draft | undefined {
  const fields = node && openMap(node, RUNBOOK, report);
  if (fields === undefined) return undefined;
  const name = readName(fields, report);
  const steps = new StepReader(report);
  const optional = (key: 'title' | 'description' | 'owner'): string | undefined => {
    const entry = fields.get(key);
    const max = key === 'description' ? undefined : MAX_TITLE_LENGTH;
    return entry && readText(entry.value, report, { what: `\`${key}\``, ...(max && { max }) })?.text;
  };
  checkVersion(fields, report);
  const description = optional('description');
  const owner = optional('owner');
  const authors = readAuthors(fields, report);
  const promised = fields.get('objectives');
  const objectives = readObjectives(promised, report);
  const decisions = readDecisions(fields.get('decisions'), report);
  return {
    name,
    title: optional('title') ?? name,
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    ...(authors === undefined ? {} : { authors }),
    contacts: readContacts(fields, report),
    connections: readConnections(fields, report),
    ...(objectives === undefined || promised === undefined ? {} : { objectives, objectivesAt: promised.at }),
    inputs: readDeclared(fields, 'inputs', (entry) => readInput(entry, report), report),
    vars: readDeclared(fields, 'vars', (entry) => readVar(entry, report), report),
    steps: readSteps(fields, 'steps', steps),
    cleanup: readSteps(fields, 'cleanup', steps),
    always: readSteps(fields, 'always', steps),
    schedules: readSchedules(fields.get('schedules'), report),
    outputs: readDeclared(
      fields,
      'outputs',
      (value) => (readJson(value, report) === undefined ? undefined : value),
      report,
    ),
    ...(decisions === undefined ? {} : { decisions }),
  };
}

function checkVersion(fields: Fields, report: Reporter): void {
  const hint = `Write \`apiVersion: ${API_VERSION}\`.`;
  const entry = fields.need('apiVersion', hint);
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === API_VERSION)) return;
  report.add('VERSION', entry.value, `This version of muster reads \`${API_VERSION}\` only.`, hint);
}

function readName(fields: Fields, report: Reporter): string {
  const entry = fields.need('name', 'The name of the runbook, like the file: erp-failover.');
  const name = entry && readText(entry.value, report, { what: '`name`', max: MAX_NAME_LENGTH });
  if (name !== undefined && !isRunbookName(name.text)) {
    report.add(
      'ID',
      name.node,
      `\`${name.text}\` is no name for a runbook.`,
      'Small letters, digits and -: erp-failover.',
    );
  }
  return name?.text ?? 'unnamed';
}

/** Ids of people, as approvals name them: a misspelt one would exclude nobody, so their form is checked at least. */
function readAuthors(fields: Fields, report: Reporter): readonly string[] | undefined {
  const entry = fields.get('authors');
  const items = entry && openList(entry.value, '`authors`', report);
  if (items === undefined) return undefined;
  const ids = items.flatMap((item) => {
    const read = readText(item, report, { what: 'An author', max: MAX_NAME_LENGTH });
    if (read === undefined) return [];
    if (PERSON_ID.test(read.text)) return [read.text];
    report.add('ID', read.node, `\`${read.text}\` is no id of a person.`, 'As in muster.yaml: anna.');
    return [];
  });
  return [...new Set(ids)];
}

function readContacts(fields: Fields, report: Reporter): string[] {
  const entry = fields.get('contacts');
  const items = entry && openList(entry.value, '`contacts`', report);
  return (items ?? []).flatMap((item) => {
    const contact = readText(item, report, { what: 'A contact', max: MAX_TITLE_LENGTH });
    return contact === undefined ? [] : [contact.text];
  });
}

function readConnections(fields: Fields, report: Reporter): Record<string, string> {
  const entry = fields.get('connections');
  const map = entry && openMap(entry.value, CONNECTIONS, report);
  const names = CONNECTIONS.keys.flatMap((system) => {
    const value = map?.get(system)?.value;
    const name = value && readConnectionName(value, report);
    return name === undefined ? [] : [[system, name] as const];
  });
  return Object.fromEntries(names);
}

/** A map from names that expressions speak of to declarations. */
function readDeclared<Value>(
  fields: Fields,
  key: 'inputs' | 'vars' | 'outputs',
  read: (node: Node) => Value | undefined,
  report: Reporter,
): Map<string, Declared<Value>> {
  const declared = new Map<string, Declared<Value>>();
  const node = fields.get(key)?.value;
  if (node === undefined) return declared;
  if (node.kind !== 'map') {
    openMap(node, { what: `\`${key}\``, keys: [] }, report);
    return declared;
  }
  for (const entry of node.entries.values()) {
    const value = read(entry.value);
    if (checkName(entry.key, entry.at, report) && value !== undefined) {
      declared.set(entry.key, { at: entry.at, value });
    }
  }
  return declared;
}

/** A value for every mode, or a map from modes to values when one of its keys is a mode. */
function readVar(node: Node, report: Reporter): { readonly [mode in Mode]?: Json } | undefined {
  for (const scalar of textsIn(node)) readText(scalar, report, { what: 'A variable', max: Infinity });
  const words: readonly string[] = [...BY_MODE.keys, ...BY_MODE.later];
  const isByMode = node.kind === 'map' && [...node.entries.keys()].some((key) => words.includes(key));
  if (!isByMode) {
    const value = readJson(node, report);
    return value === undefined ? undefined : { drill: value, live: value };
  }
  const choice = openMap(node, BY_MODE, report);
  const values = BY_MODE.keys.flatMap((mode) => {
    const entry = choice?.get(mode);
    const value = entry && readJson(entry.value, report);
    return value === undefined ? [] : [[mode, value] as const];
  });
  return Object.fromEntries(values);
}

function textsIn(node: Node): Node[] {
  if (node.kind === 'scalar') {
    return typeof node.value === 'string' && node.value.includes('${{') ? [node] : [];
  }
  return node.kind === 'list'
    ? node.items.flatMap(textsIn)
    : [...node.entries.values()].flatMap(({ value }) => textsIn(value));
}

function readSteps(
  fields: Fields,
  key: 'steps' | 'cleanup' | 'always',
  reader: StepReader,
): readonly DraftStep[] {
  const entry = key === 'steps' ? fields.need(key, 'A runbook has at least one step.') : fields.get(key);
  const prefix = key === 'steps' ? '' : `${key}/`;
  return entry === undefined ? [] : reader.readList(entry.value, { what: `\`${key}\``, prefix });
}
