import type { InputOf, MissedRpo, RpoFinding } from '../../src/catalog/index.ts';
import { parseDuration } from '../../src/model/duration.ts';
import type { Deps, OneConnection } from '../deps.ts';
import { MAX_LISTED, shortName } from '../read.ts';
import { StepError } from '../step-error.ts';
import { assertWhole } from './assert-whole.ts';
import { collectedAt } from './collected-at.ts';

/** The largest estates have some ten thousand machines; of more it could not be told whether the oldest was among them. */
const MAX_ITEMS = 50_000;
const MINUTE_MS = 60_000;
/** The kinds of Veeam ONE's backups that are replicas. */
const REPLICAS = ['Replication', 'CDPPolicy'];

/** A machine and its newest restore point, in milliseconds since 1970. */
interface Newest {
  readonly vm: string;
  readonly at: number | undefined;
}

/**
 * Compares the age of each machine's newest restore point with a target.
 *
 * @throws StepError `check.failed` with the whole finding in its details; `veeam.tooLarge`
 */
export async function checkRpo(
  deps: Deps,
  connection: OneConnection,
  { target, vms, source }: InputOf<'one.checkRpo'>,
  signal: AbortSignal,
): Promise<RpoFinding> {
  const [newest, collected] = await Promise.all([
    newestPoints(connection, source, signal),
    collectedAt(connection, { signal }),
  ]);
  // A server whose clock is ahead of ours must not make its points look younger than they are.
  const now = Math.max(deps.now(), collected ?? 0);
  // Too few rights show less, and say nothing of it: no machine at all is no proof of anything.
  if (newest.length === 0) {
    throw new StepError(
      'check.failed',
      `${connection.name} shows no protected machine, so no restore point could be checked. Look at its data collection, and at what its account may see.`,
    );
  }
  const wanted = vms === undefined ? newest : vms.map((vm) => oldestNamed(newest, vm));
  const targetMs = parseDuration(target) ?? 0;
  const missed = wanted
    .filter(({ at }) => at === undefined || now - at > targetMs)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const ages = wanted.flatMap(({ at }) => (at === undefined ? [] : [now - at]));
  const failed = missed.slice(0, MAX_LISTED).map((one) => missedOf(one, now));
  const finding: RpoFinding = {
    result: missed.length === 0 ? 'Success' : 'Error',
    target,
    counts: { vms: wanted.length, met: wanted.length - missed.length, missed: missed.length },
    oldestMinutes: ages.length === 0 ? null : Math.floor(ages.reduce((a, b) => Math.max(a, b)) / MINUTE_MS),
    failed,
    more: missed.length - failed.length,
  };
  const [worst] = failed;
  if (worst === undefined) return finding;
  const age = worst.ageMinutes === null ? 'has no restore point' : `is ${worst.ageMinutes} minutes old`;
  throw new StepError(
    'check.failed',
    `${missed.length} of ${wanted.length} machines miss their restore point objective of ${target}. The worst, ${worst.vm}, ${age}.`,
    { details: { ...finding } },
  );
}

async function newestPoints(
  { client, name }: OneConnection,
  source: 'any' | 'replica' | 'backup',
  signal: AbortSignal,
): Promise<readonly Newest[]> {
  const options = { signal, limit: MAX_ITEMS };
  const vms = await client.protectedVms.select(['vmUidInVbr', 'name', 'lastProtectedDate'], {}, options);
  assertWhole(name, vms);
  if (source === 'any') {
    return vms.data.map((vm) => ({ vm: vm.name ?? '', at: timeOf(vm.lastProtectedDate) }));
  }
  const backups = await client.protectedVms.backups.select(
    ['vmUidInVbr', 'type', 'lastProtectedDate'],
    {},
    options,
  );
  assertWhole(name, backups);
  const newest = new Map<string, number>();
  for (const { vmUidInVbr, type, lastProtectedDate } of backups.data) {
    const at = timeOf(lastProtectedDate);
    const counts = REPLICAS.includes(type ?? '') === (source === 'replica');
    if (!counts || at === undefined || typeof vmUidInVbr !== 'string') continue;
    newest.set(vmUidInVbr, Math.max(at, newest.get(vmUidInVbr) ?? at));
  }
  return vms.data.map((vm) => ({ vm: vm.name ?? '', at: newest.get(vm.vmUidInVbr) }));
}

/** Of several machines with one name the worst counts: nobody can tell which was meant. */
function oldestNamed(newest: readonly Newest[], name: string): Newest {
  const named = newest.filter(({ vm }) => vm.toLowerCase() === name.toLowerCase());
  const none = named.find(({ at }) => at === undefined);
  if (named.length === 0 || none !== undefined) return { vm: name, at: undefined };
  return { vm: name, at: Math.min(...named.map(({ at }) => at ?? 0)) };
}

function missedOf({ vm, at }: Newest, now: number): MissedRpo {
  return {
    vm: shortName(vm),
    newest: at === undefined ? null : new Date(at).toISOString(),
    ageMinutes: at === undefined ? null : Math.floor((now - at) / MINUTE_MS),
  };
}

function timeOf(date: string | null | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
