import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scenario } from '../../src/simulator/index.ts';
import type { Json } from './support.ts';
import type { VbrSite } from './vbr-support.ts';
import { vbrSite } from './vbr-support.ts';

/** Worlds are small, so that names, jobs and times often meet. */
const RUNS = 12;
const EVERYTHING = 'limit=100000';

type Item = Readonly<Record<string, unknown>>;
type Happening = Readonly<{ vm: number; seconds: number; result: 'Success' | 'Warning' | 'Failed' }>;

/** One list: how the server is asked, and where a naive reader finds what it filters and orders by. */
interface List {
  readonly path: string;
  readonly columns: Readonly<Record<string, (item: Item) => unknown>>;
  /** Filters on one field: the query parameter, and the value an item must have. */
  readonly fields: Readonly<Record<string, (item: Item) => unknown>>;
  /** Filters on a time: the query parameter, the field, and which side of it passes. */
  readonly times: readonly (readonly [parameter: string, field: string, side: 'after' | 'before'])[];
}

const field =
  (name: string) =>
  (item: Item): unknown =>
    item[name];
const CREATED = [
  ['createdAfterFilter', 'creationTime', 'after'],
  ['createdBeforeFilter', 'creationTime', 'before'],
] as const;
const resultOf = ({ result }: Item): unknown => (result as Item | null)?.['result'] ?? 'None';

const LISTS: readonly List[] = [
  {
    path: '/api/v1/replicas',
    columns: {
      Name: field('name'),
      CreationTime: field('creationTime'),
      PlatformId: field('platformId'),
      JobId: field('jobId'),
      PolicyTag: field('policyUniqueId'),
      State: field('state'),
    },
    fields: {
      stateFilter: field('state'),
      jobIdFilter: field('jobId'),
      policyTagFilter: field('policyUniqueId'),
      platformIdFilter: field('platformId'),
    },
    times: CREATED,
  },
  {
    path: '/api/v1/replicaPoints',
    columns: { Name: field('name'), CreationTime: field('creationTime'), ReplicaId: field('replicaId') },
    fields: { replicaIdFilter: field('replicaId'), malwareStatusFilter: field('malwareStatus') },
    times: CREATED,
  },
  {
    path: '/api/v1/sessions',
    columns: {
      Name: field('name'),
      SessionType: field('sessionType'),
      CreationTime: field('creationTime'),
      EndTime: field('endTime'),
      State: field('state'),
      Result: resultOf,
    },
    fields: {
      typeFilter: field('sessionType'),
      stateFilter: field('state'),
      resultFilter: resultOf,
      jobIdFilter: field('jobId'),
    },
    times: [...CREATED, ['endedAfterFilter', 'endTime', 'after'], ['endedBeforeFilter', 'endTime', 'before']],
  },
  {
    path: '/api/v1/taskSessions',
    columns: { Name: field('name'), Type: field('type'), SessionType: field('sessionType') },
    fields: { sessionIdFilter: field('sessionId'), sessionTypeFilter: field('sessionType') },
    times: CREATED,
  },
  {
    path: '/api/v1/agents/recoveryTokens',
    columns: { Name: field('name'), ExpirationDate: field('expirationDate') },
    fields: {},
    times: [],
  },
];

const worlds = fc.record({
  names: fc.uniqueArray(fc.stringMatching(/^[ab][0-3.+-]{1,3}$/), { minLength: 1, maxLength: 8 }),
  jobs: fc.array(fc.constantFrom('Job A', 'job b', undefined), { minLength: 8, maxLength: 8 }),
  happenings: fc.array(
    fc.record<Happening>({
      vm: fc.nat(7),
      seconds: fc.constantFrom(0, 1, 30, 60, 100),
      result: fc.constantFrom('Success', 'Warning', 'Failed'),
    }),
    { maxLength: 12 },
  ),
  tokens: fc.array(fc.integer({ min: 10, max: 14 }), { maxLength: 6 }),
});

/** A query, before it is known what there is: positions say which of the existing values is meant. */
const queries = fc.record({
  column: fc.nat(9),
  isAscending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 7 }),
  nameFrom: fc.option(fc.tuple(fc.nat(50), fc.constantFrom('exact', 'start', 'end', 'middle', 'case'))),
  filter: fc.option(fc.tuple(fc.nat(9), fc.nat(50))),
  time: fc.option(fc.tuple(fc.nat(9), fc.nat(50))),
});
type Query = (typeof queries)['generate'] extends (...args: never[]) => { value: infer Value }
  ? Value
  : never;

test('every list equals what a naive reader makes of everything', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(queries, { minLength: 4, maxLength: 8 }), async (world, asked) => {
      const here = await build(world);
      for (const list of LISTS) {
        const all = await itemsOf(here, `${list.path}?${EVERYTHING}`);
        for (const query of asked) await compare(here, list, all, query);
      }
    }),
    { numRuns: RUNS },
  );
}, 60_000);

async function build({
  names,
  jobs,
  happenings,
  tokens,
}: {
  names: readonly string[];
  jobs: readonly (string | undefined)[];
  happenings: readonly Happening[];
  tokens: readonly number[];
}): Promise<VbrSite> {
  const scenario: Scenario = {
    name: 'random',
    vro: { plans: [] },
    vbr: {
      agentBackups: [{ name: 'Agent', computer: 'c' }],
      replication: { points: 3 },
      vms: names.map((name, index) => ({
        name,
        isReplicated: true,
        replicationJob: jobs[index],
        malware: index % 3 === 0 ? 'Infected' : 'Clean',
      })),
    },
  };
  const here = await vbrSite({ scenario });
  const { protection, recoveryTokens } = here.sim.world;
  for (const { vm, seconds, result } of happenings) {
    const replica = protection.replicas.find(names[vm % names.length] ?? '');
    const point = replica && protection.replicas.points(replica)[0];
    const move = replica?.state === 'Ready' ? 'failover' : 'undoFailover';
    if (point !== undefined && replica?.state !== 'Processing') {
      if (result !== 'Success') {
        protection.troubleSession({ id: 't', vm: undefined, type: undefined, result, message: '', left: 1 });
      }
      protection.start({ move, pointIds: [point.id] });
    }
    here.after(seconds);
  }
  const backupIds = protection.inventory.computers.map(({ backup }) => backup.id);
  for (const day of tokens) {
    recoveryTokens.issue({ backupIds, expirationDate: `2026-03-${day}T00:00:00Z` });
  }
  return here;
}

async function itemsOf({ get }: VbrSite, path: string): Promise<readonly Item[]> {
  return ((await get(path)).data ?? []) satisfies readonly Json[];
}

async function compare(here: VbrSite, list: List, all: readonly Item[], query: Query): Promise<void> {
  const { parameters, isWanted } = meaningOf(list, all, query);
  const [column = 'Name', keyOf = field('name')] = pick(Object.entries(list.columns), query.column) ?? [];
  const wanted = all.filter(isWanted);
  const keys = wanted.map(keyOf).map(comparable).sort(naively);
  if (!query.isAscending) keys.reverse();

  parameters.set('orderColumn', column);
  parameters.set('orderAsc', String(query.isAscending));
  parameters.set('limit', String(query.limit));
  const found: Item[] = [];
  for (let skip = 0; skip <= wanted.length; skip += query.limit) {
    parameters.set('skip', String(skip));
    const { data = [], pagination } = await here.get(`${list.path}?${parameters.toString()}`);
    const { limit } = query;
    expect(pagination).toEqual({ total: wanted.length, count: data.length, skip, limit });
    expect(data.map(keyOf).map(comparable)).toEqual(keys.slice(skip, skip + limit));
    found.push(...data);
  }
  expect(found.map(field('id')).sort()).toEqual(wanted.map(field('id')).sort());
}

/** The parameters of a query, and which items it means. */
function meaningOf(
  list: List,
  all: readonly Item[],
  { nameFrom, filter, time }: Query,
): { parameters: URLSearchParams; isWanted: (item: Item) => boolean } {
  const parameters = new URLSearchParams();
  const tests: ((item: Item) => boolean)[] = [];
  const named = nameFrom === null ? undefined : pick(all, nameFrom[0]);
  if (nameFrom !== null && named !== undefined) {
    const name = String(named['name']);
    const [pattern, fits] = namePattern(name, nameFrom[1]);
    parameters.set('nameFilter', pattern);
    tests.push((item) => fits(String(item['name']).toLowerCase()));
  }
  const by = filter === null ? undefined : pick(Object.entries(list.fields), filter[0]);
  const like = filter === null ? undefined : pick(all, filter[1]);
  if (by !== undefined && like !== undefined) {
    const [parameter, valueOf] = by;
    const value = valueOf(like);
    parameters.set(parameter, String(value).toUpperCase());
    tests.push((item) => valueOf(item) === value);
  }
  const side = time === null ? undefined : pick(list.times, time[0]);
  const moment = side && time && pick(all, time[1])?.[side[1]];
  if (side !== undefined && typeof moment === 'string') {
    const [parameter, name, which] = side;
    parameters.set(parameter, moment);
    tests.push((item) => {
      const at = item[name];
      return typeof at === 'string' && (which === 'after' ? at > moment : at < moment);
    });
  }
  return { parameters, isWanted: (item) => tests.every((one) => one(item)) };
}

function namePattern(name: string, kind: string): [pattern: string, fits: (name: string) => boolean] {
  const part = name.toLowerCase();
  const [start, end, middle] = [part.slice(0, 2), part.slice(-2), part.slice(1, 3)];
  switch (kind) {
    case 'start':
      return [`${start}*`, (other) => other.startsWith(start)];
    case 'end':
      return [`*${end}`, (other) => other.endsWith(end)];
    case 'middle':
      return [`*${middle}*`, (other) => other.includes(middle)];
    case 'case':
      return [name.toUpperCase(), (other) => other === part];
    default:
      return [name, (other) => other === part];
  }
}

function pick<Value>(values: readonly Value[], position: number): Value | undefined {
  return values[position % Math.max(1, values.length)];
}

/** Absent before everything else; texts without regard to case. */
function comparable(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function naively(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
