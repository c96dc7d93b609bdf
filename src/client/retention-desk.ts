import { randomBytes } from 'node:crypto';
import { assertMay } from '../identity/index.ts';
import { leavesDigestOf, rangesOf, sealLedger, signPruning, type Sealing } from '../ledger/index.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Actor } from '../model/actor.ts';
import { StoreError, type Hold, type KeptBecause, type PruneLimits, type Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { Muster } from './muster.ts';

/** How long what is recorded is kept, in milliseconds; absent: for ever. */
export interface RetentionPolicy {
  readonly runs?: number;
  readonly refusals?: number;
  readonly identity?: number;
  /** So many of the newest drills of each runbook stay, whatever their age. */
  readonly drills: number;
}

/** What was removed, or would be. */
export interface Pruned {
  /** Absent: nothing was removed. */
  readonly id?: string;
  readonly policy: RetentionPolicy;
  /** Entries whose texts go. */
  readonly entries: number;
  readonly runs: readonly string[];
  /** Runs that stay and lose their refused answers: their evidence cannot be exported any more. */
  readonly losingRefusals: readonly string[];
  /** Runs that are old enough and stay. */
  readonly kept: readonly { readonly runId: string; readonly because: KeptBecause }[];
}

/** What pruning needs of the world. */
export interface PruneParts {
  readonly stores: Pick<Stores, 'retention'>;
  readonly sealing: Sealing;
  readonly policy: RetentionPolicy;
  readonly now: () => number;
}

/** Who prunes when nobody is asked. */
const ITSELF = 'muster';

/**
 * Removes what is older than the policy keeps: the root is signed first, then what goes is named, signed and entered in the
 * transaction that removes it.
 *
 * @throws MusterError `ledger.pruneAgain` when something of it may not go any more
 */
export async function pruneLedger(
  { dryRun, actor = ITSELF }: { readonly dryRun: boolean; readonly actor?: string },
  { stores: { retention }, sealing, policy, now }: PruneParts,
): Promise<Pruned> {
  const at = now();
  const plan = await retention.plan(limitsOf(policy, at));
  const told: Pruned = {
    policy,
    entries: plan.positions.length,
    runs: plan.runs.map(({ runId }) => runId),
    losingRefusals: plan.losingRefusals.map(({ runId }) => runId),
    kept: plan.kept,
  };
  if (dryRun || plan.positions.length === 0) return told;
  // What goes is fixed before it goes: the root over it is signed, and witnesses have it.
  await sealLedger(sealing);
  const id = `pr-${randomBytes(4).toString('hex')}`;
  const said = {
    id,
    at,
    actor,
    policyDigest: digestOf(policy),
    leavesDigest: leavesDigestOf(plan.leaves),
    ranges: rangesOf(plan.positions),
  };
  const { key, beside = [], origin } = sealing;
  const statement = signPruning({ ...said, origin }, [key, ...beside]);
  try {
    await retention.prune({ ...said, statement }, plan);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'store.conflict') throw error;
    throw new MusterError('ledger.pruneAgain', undefined, { cause: error });
  }
  await sealLedger(sealing);
  return { id, ...told };
}

function limitsOf({ runs, refusals, identity, drills }: RetentionPolicy, at: number): PruneLimits {
  return {
    ...(runs !== undefined && { runsBefore: at - runs }),
    ...(refusals !== undefined && { refusalsBefore: at - refusals }),
    ...(identity !== undefined && { identityBefore: at - identity }),
    keepDrills: drills,
  };
}

interface DeskParts {
  readonly actor: () => Promise<Actor>;
  readonly stores: Pick<Stores, 'retention' | 'runs' | 'audits'>;
  readonly sealing: Sealing;
  /** Default: everything is kept. */
  readonly policy?: RetentionPolicy;
  readonly now: () => number;
}

/** How long things are kept, and what must not go. */
export function createRetentionDesk({
  actor: actorNow,
  stores,
  sealing,
  policy = { drills: 1 },
  now,
}: DeskParts): Pick<Muster, 'prune' | 'hold' | 'unhold' | 'holds'> {
  const { retention } = stores;

  /** @throws MusterError `run.notFound` */
  const runOf = async (runId: string): Promise<string> => {
    const run = (await stores.runs.find(runId))?.firstExecutionId ?? (await stores.audits.find(runId))?.run;
    if (run === undefined) throw new MusterError('run.notFound');
    return run;
  };

  return {
    async prune({ dryRun }) {
      const actor = await actorNow();
      assertMay(actor, 'ledger.prune');
      return pruneLedger({ dryRun, actor: actor.person }, { stores, sealing, policy, now });
    },

    async hold({ runId, reason }) {
      const actor = await actorNow();
      assertMay(actor, 'ledger.hold');
      const run = await runOf(runId);
      const id = `hd-${randomBytes(4).toString('hex')}`;
      const hold: Hold = { id, run, runId, reason, by: actor.person, at: now() };
      try {
        await retention.hold(hold);
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'store.conflict') throw error;
        throw new MusterError('ledger.held', undefined, { cause: error });
      }
      return hold;
    },

    async unhold({ runId }) {
      const actor = await actorNow();
      assertMay(actor, 'ledger.unhold');
      const lifted = await retention.unhold(await runOf(runId), actor.person, now());
      if (!lifted) throw new MusterError('ledger.notHeld');
    },

    async holds() {
      assertMay(await actorNow(), 'ledger.hold');
      return retention.holds();
    },
  };
}
