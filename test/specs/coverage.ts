import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Operation } from '../../src/veeam/operation.ts';
import type { Exercise } from '../veeam/exercise.ts';

/** A call that a vendor's document names. */
export interface Listed {
  readonly method: string;
  readonly path: string;
}

/** One server: what its documents name, and what of it muster has. */
export interface Subject {
  readonly name: string;
  readonly listed: readonly Listed[];
  /** The client's table of operations, by verb. */
  readonly table: Readonly<Record<string, Operation>>;
  readonly client: object;
  /** Verbs that are no method of the client, and why. */
  readonly without: Readonly<Record<string, string>>;
  /** One tested call per verb. */
  readonly exercises: Readonly<Record<string, Exercise<never>>>;
  /** The version in which the exercises are made. */
  readonly version: string;
  /** Path and headers of a call in one API version. */
  readonly wire: (path: string, version: string) => Wire;
  /** The running simulator. */
  readonly url: string;
}

interface Wire {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation, and what is missing of it: empty when it is covered. */
export interface Finding {
  readonly call: string;
  readonly verb: string | undefined;
  readonly missing: readonly ('client verb' | 'simulator route' | 'test')[];
}

/** Every operation that the documents list or the client's table has, and what is missing of it. */
export async function findingsOf(subject: Subject): Promise<readonly Finding[]> {
  const { listed, table } = subject;
  const tabled = Object.entries(table);
  const beyond = tabled
    .map(([, operation]) => operation)
    .filter((one) => !listed.some((other) => callOf(other) === callOf(one)));
  return Promise.all(
    [...listed, ...beyond].map(async (operation) => {
      const [verb, entry] = tabled.find(([, one]) => callOf(one) === callOf(operation)) ?? [];
      const versions = entry?.versions ?? [subject.version];
      const routes = await Promise.all(versions.map((version) => hasRoute(subject, operation, version)));
      const missing: Finding['missing'] = [
        ...(verb !== undefined && isMade(subject, verb) ? [] : (['client verb'] as const)),
        ...(routes.every(Boolean) ? [] : (['simulator route'] as const)),
        ...(verb !== undefined && isTested(subject, verb, operation) ? [] : (['test'] as const)),
      ];
      return { call: callOf(operation), verb, missing };
    }),
  );
}

/** The counts per server, for people. */
export function tableOf(all: Readonly<Record<string, readonly Finding[]>>): string {
  const rows = Object.entries(all).map(([name, findings]) => {
    const having = (what: Finding['missing'][number]): string =>
      String(findings.filter(({ missing }) => !missing.includes(what)).length);
    return [name, String(findings.length), having('client verb'), having('simulator route'), having('test')];
  });
  const lines = [['server', 'operations', 'verbs', 'routes', 'tests'], ...rows];
  const gaps = Object.entries(all).flatMap(([name, findings]) =>
    findings
      .filter(({ missing }) => missing.length > 0)
      .map(({ call, missing }) => `${name}: ${call} has no ${missing.join(', no ')}`),
  );
  return [
    ...lines.map((cells) =>
      cells
        .map((cell) => cell.padEnd(12))
        .join('')
        .trimEnd(),
    ),
    ...gaps,
  ].join('\n');
}

export const callOf = ({ method, path }: Listed): string => `${method} ${path}`;

/** A file of this folder. */
export function listIn(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** A verb is a method of the client, or a collection that has the method `list`. */
function isMade({ client, without }: Subject, verb: string): boolean {
  if (Object.hasOwn(without, verb)) return true;
  const made = verb.split('.').reduce<unknown>((holder, name) => memberOf(holder, name), client);
  return typeof made === 'function' || typeof memberOf(made, 'list') === 'function';
}

function memberOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && name in holder
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** There is an exercise of the verb, and what it has to send is this operation. The tests of the clients run them all. */
function isTested({ exercises, wire, version }: Subject, verb: string, { method, path }: Listed): boolean {
  const sent = exercises[verb]?.sent.split('?')[0];
  const template = wire(path, version).path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return (
    sent !== undefined && new RegExp(`^${method} ${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(sent)
  );
}

/**
 * Asks the simulator without a login: where there is a route it asks for one, or for a body; only where there is none
 * it answers 404.
 */
async function hasRoute(
  { url, wire }: Pick<Subject, 'url' | 'wire'>,
  { method, path }: Listed,
  version: string,
): Promise<boolean> {
  const { path: target, headers = {} } = wire(path.replaceAll(/\{\w+\}/g, '1'), version);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${url}${target}`, { method, headers }, (response) => {
      void text(response).then(() => resolve(response.statusCode), reject);
    })
      .on('error', reject)
      .end();
  });
  return status !== 404;
}
