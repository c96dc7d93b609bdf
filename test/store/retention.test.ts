import { generateKeyPairSync } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuditor, type AuditAlarm } from '../../src/client/auditor.ts';
import { copyLedger } from '../../src/client/ledger-copy.ts';
import { pruneLedger, type RetentionPolicy } from '../../src/client/retention-desk.ts';
import {
  formatVerifierKey,
  ledgerLines,
  parseLedgerFile,
  signerKey,
  verifyLedger,
  type ExportedLedger,
  type Sealing,
} from '../../src/ledger/index.ts';
import type { Review } from '../../src/model/findings.ts';
import { LEDGER_VERSION, type LedgerEntry } from '../../src/model/ledger-entry.ts';
import type { WholeRun } from '../../src/control/index.ts';
import { startKeeper } from '../../src/stack/keeper.ts';
import { fakeControl } from '../client/fake-control.ts';
import type { Mode } from '../../src/model/runbook.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { statement } from '../support/postgres.ts';
import { everythingIn, rowsAt, storesOver } from './support.ts';

const DAY_MS = 86_400_000;
const ORIGIN = 'test/ledger';
const NOW = 1_000 * DAY_MS;
const DIGEST = 'a'.repeat(64);
const POLICY: RetentionPolicy = { runs: 100 * DAY_MS, identity: 100 * DAY_MS, drills: 0 };

async function newLedger() {
  const url = await databaseUrlForTest();
  const stores = await storesOver(url);
  const key = signerKey(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);
  const sealing: Sealing = { store: stores.ledger, origin: ORIGIN, key, witnesses: [], now: () => NOW };
  const { ledger, retention, runs, audits } = stores;

  /** A run that ended so many days ago. */
  const ran = async (runId: string, daysAgo: number, mode: Mode = 'live'): Promise<void> => {
    const [startedAt, run] = [NOW - daysAgo * DAY_MS, `execution-${runId}`];
    const begun = {
      runId,
      runbook: 'erp',
      digest: DIGEST,
      mode,
      purpose: 'exercise',
      starter: 'anna',
    } as const;
    await runs.begin({ ...begun, startedAt });
    await runs.begin({ ...begun, startedAt, firstExecutionId: run });
    const output = await stores.contents.put(`{"of":"${runId}"}`);
    await ledger.append([ended(run, output), ended(run, output, '-2')]);
    await stores.gates.open({
      nonce: `nonce-${runId}`,
      run,
      runId,
      path: 'go',
      kind: 'approval',
      title: 'a title of it',
      digest: DIGEST,
      asked: {},
      openedAt: startedAt,
    });
    await runs.end(runId, { endedAt: startedAt, outcome: 'succeeded' });
    await audits.keep({ runId, run, auditedAt: NOW, isFinal: true, executions: [], findings: [] });
  };
  const prune = (policy = POLICY, dryRun = false) =>
    pruneLedger({ dryRun, actor: 'anna' }, { stores, sealing, policy, now: () => NOW });
  const copy = (): Promise<ExportedLedger> =>
    copyLedger({
      ledger: async () => {
        const { size } = await ledger.head();
        return { origin: ORIGIN, key: formatVerifierKey(key), size, root: '', witnesses: [] };
      },
      ledgerEntries: ({ from, limit = 10 }) => ledger.rows(from, limit),
      ledgerCheckpoints: async ({ after }) => (await ledger.checkpoints()).filter(({ size }) => size > after),
      ledgerPrunings: async () => (await retention.prunings()).map((one) => one.statement),
    });
  const verified = (one: ExportedLedger) => verifyLedger(one, { origin: ORIGIN, ledgerKeys: [key] });
  return { url, stores, sealing, ran, prune, copy, verified };
}

function reviewOf(
  id: string,
  reportDigest: string,
  of: { readonly run: string; readonly runId: string } | { readonly from: number; readonly to: number },
): Review {
  const said = { decision: 'accepted', comment: 'Read.', person: 'emil', roles: ['auditor'] } as const;
  return { id, ...of, reportDigest, ...said, assurance: 'password', iat: 1, jws: 'a.b.c' };
}

function ended(run: string, outputDigest: string, more = ''): LedgerEntry {
  const key = `${run}/step${more}`;
  const head = { v: LEDGER_VERSION, at: 1, run, key } as const;
  return { ...head, kind: 'step.ended', path: 'go', attempt: 1, outcome: 'succeeded', outputDigest };
}

describe('a pruning', () => {
  it('leaves a ledger that verifies, and says how much is gone', async () => {
    const { ran, prune, copy, verified, stores } = await newLedger();
    await ran('old', 200);
    await ran('young', 10);
    const before = (await stores.ledger.head()).size;
    const { entries, runs } = await prune();
    expect([runs, entries > 0]).toEqual([['old'], true]);
    expect(verified(await copy())).toMatchObject({ ok: true, pruned: entries, entries: before + 1 });
  });

  it('verifies from a file as well', async () => {
    const { ran, prune, copy, verified } = await newLedger();
    await ran('old', 200);
    const { entries } = await prune();
    const file = Buffer.from([...ledgerLines(await copy())].join(''));
    expect(verified(parseLedgerFile(file))).toMatchObject({ ok: true, pruned: entries });
  });

  it('removes what belongs to the run, and nothing of others', async () => {
    const { url, ran, prune } = await newLedger();
    await ran('old', 200);
    await ran('young', 10);
    await prune();
    const { gates = [], contents = [] } = await everythingIn(url);
    expect([gates.length, contents.length]).toEqual([1, 1]);
    expect(gates.join()).toContain('nonce-young');
  });

  it('removes a report that was reviewed, unless another review is about it', async () => {
    const { stores, ran, prune } = await newLedger();
    await ran('old', 200);
    const reports = await Promise.all(['{"own":1}', '{"shared":1}'].map((text) => stores.contents.put(text)));
    const [own = '', shared = ''] = reports;
    await stores.reviews.add(reviewOf('rv-1', own, { run: 'execution-old', runId: 'old' }));
    await stores.reviews.add(reviewOf('rv-2', shared, { run: 'execution-old', runId: 'old' }));
    await stores.reviews.add(reviewOf('rv-3', shared, { from: 0, to: NOW }));
    await prune();
    await expect(stores.contents.get(own)).rejects.toMatchObject({ code: 'store.notFound' });
    expect(await stores.contents.get(shared)).toBe('{"shared":1}');
  });

  it('keeps an output that a run which stays has as well', async () => {
    const { stores, ran, prune } = await newLedger();
    await ran('old', 200);
    const shared = await stores.contents.put('{"of":"old"}');
    await stores.ledger.append([ended('another', shared)]);
    await prune();
    expect(await stores.contents.get(shared)).toBe('{"of":"old"}');
  });

  it('only says what would go when asked to', async () => {
    const { ran, prune, stores } = await newLedger();
    await ran('old', 200);
    expect(await prune(POLICY, true)).toMatchObject({ runs: ['old'] });
    expect(await stores.retention.prunings()).toEqual([]);
  });

  it('is done once: there is nothing left the second time', async () => {
    const { ran, prune } = await newLedger();
    await ran('old', 200);
    await prune();
    expect(await prune()).toMatchObject({ entries: 0, runs: [], kept: [] });
  });

  it('is done by itself where the configuration says so', async () => {
    const { stores, sealing, ran } = await newLedger();
    await ran('old', 1_100);
    const retention = { runs: 100 * DAY_MS, drills: 0, automatic: true };
    const keeper = startKeeper({
      control: fakeControl(),
      stores,
      sealing,
      logger: pino({ level: 'silent' }),
      retention,
    });
    onTestFinished(() => keeper.stop());
    await expect.poll(() => stores.retention.isPruned('execution-old'), { timeout: 20_000 }).toBe(true);
  });

  it('removes nothing where nothing has an age', async () => {
    const { ran, prune } = await newLedger();
    await ran('old', 900);
    expect(await prune({ drills: 0 })).toMatchObject({ entries: 0, runs: [] });
  });
});

describe('what stays, however old', () => {
  it('is a run under a hold, until it is lifted', async () => {
    const { stores, ran, prune } = await newLedger();
    await ran('old', 200);
    const run = 'execution-old';
    await stores.retention.hold({ id: 'hd-1', run, runId: 'old', reason: 'matter', by: 'anna', at: NOW });
    expect(await prune()).toMatchObject({ runs: [], kept: [{ runId: 'old', because: 'hold' }] });
    await stores.retention.unhold(run, 'anna', NOW);
    expect((await prune()).runs).toEqual(['old']);
  });

  it('is the newest drills of a runbook', async () => {
    const { ran, prune } = await newLedger();
    for (const [name, days] of [
      ['first', 300],
      ['second', 250],
      ['third', 200],
    ] as const) {
      await ran(name, days, 'drill');
    }
    const { runs, kept } = await prune({ ...POLICY, drills: 2 });
    expect(runs).toEqual(['first']);
    expect(kept.map(({ because }) => because)).toEqual(['drill', 'drill']);
  });

  it('is a run that goes on, and one that nobody has audited', async () => {
    const { stores, ran, prune } = await newLedger();
    const begun = {
      runbook: 'erp',
      digest: DIGEST,
      mode: 'live',
      purpose: 'exercise',
      starter: 'anna',
    } as const;
    const startedAt = NOW - 200 * DAY_MS;
    await stores.runs.begin({ ...begun, runId: 'open', startedAt, firstExecutionId: 'execution-open' });
    await stores.runs.begin({ ...begun, runId: 'unseen', startedAt, firstExecutionId: 'execution-unseen' });
    await stores.ledger.append([ended('execution-unseen', DIGEST)]);
    await stores.runs.end('unseen', { endedAt: startedAt, outcome: 'succeeded' });
    await ran('old', 200);
    const { runs, kept } = await prune();
    expect(runs).toEqual(['old']);
    expect(kept).toEqual([
      { runId: 'open', because: 'open' },
      { runId: 'unseen', because: 'notAudited' },
    ]);
  });

  it('is a run with an open finding', async () => {
    const { stores, ran, prune } = await newLedger();
    await ran('old', 200);
    const finding = {
      id: 'fd-1',
      runId: 'old',
      raisedBy: 'person',
      raisedAt: NOW,
      text: 'odd',
      severity: 'low',
    } as const;
    await stores.findings.raise([{ finding, run: 'execution-old' }]);
    expect((await prune()).kept).toEqual([{ runId: 'old', because: 'finding' }]);
  });

  it('is that somebody was revoked; that they signed in goes', async () => {
    const { stores, prune } = await newLedger();
    const at = NOW - 200 * DAY_MS;
    const head = { v: LEDGER_VERSION, at, kind: 'identity', person: 'emil' } as const;
    await stores.ledger.append([
      { ...head, key: 'identity/1', event: 'signedIn' },
      { ...head, key: 'identity/2', event: 'personRevoked' },
    ]);
    expect((await prune()).entries).toBe(1);
    expect((await stores.ledger.page(0, 9)).map(({ position }) => position)).toEqual([1, 2]);
  });
});

describe('the refused answers of a run', () => {
  const REFUSALS: RetentionPolicy = { refusals: 100 * DAY_MS, drills: 0 };
  const RUN = 'execution-old';

  async function refusedRun() {
    const made = await newLedger();
    await made.ran('old', 200);
    await made.stores.refusals.add(RUN, 0, [{ id: 'v1', at: 1, refusal: 'badSignature' }]);
    const lost = async () => (await made.prune(REFUSALS)).losingRefusals;
    return { ...made, lost };
  }

  it('go when they are too old', async () => {
    const { lost } = await refusedRun();
    expect(await lost()).toEqual(['old']);
  });

  it('stay until the run is audited, with those that its steps have started', async () => {
    const { stores, lost } = await refusedRun();
    const child = { runId: 'old.child', run: 'execution-child', parent: 'old' };
    await stores.audits.expect([child], NOW);
    expect(await lost()).toEqual([]);
    await stores.audits.keep({ ...child, auditedAt: NOW, isFinal: true, executions: [], findings: [] });
    expect(await lost()).toEqual(['old']);
  });

  it('stay while one that its steps have started is held, or has an open finding', async () => {
    const { stores, lost } = await refusedRun();
    const child = { runId: 'old.child', run: 'execution-child', parent: 'old' };
    await stores.audits.keep({ ...child, auditedAt: NOW, isFinal: true, executions: [], findings: [] });
    const { run, runId } = child;
    await stores.retention.hold({ id: 'hd-1', run, runId, reason: 'matter', by: 'anna', at: NOW });
    expect(await lost()).toEqual([]);
    await stores.retention.unhold(run, 'emil', NOW);
    const finding = { id: 'fd-1', runId, raisedAt: NOW, text: 'odd', severity: 'low' } as const;
    await stores.findings.raise([{ finding: { ...finding, raisedBy: 'person' }, run }]);
    expect(await lost()).toEqual([]);
  });
});

describe('an audit of a run that was pruned', () => {
  const began = (executionId: string) => ({
    executionId,
    history: {
      events: [
        {
          eventId: '1',
          eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
          workflowExecutionStartedEventAttributes: { firstExecutionRunId: executionId },
        },
      ],
    },
  });

  async function prunedRun(executions: readonly string[]) {
    const made = await newLedger();
    await made.ran('old', 200);
    await made.stores.audits.keep({
      runId: 'old',
      run: 'execution-old',
      auditedAt: NOW,
      isFinal: true,
      executions,
      findings: [],
    });
    await made.prune();
    const there: WholeRun = {
      executions: ['execution-old', 'behind'].map(began),
      missing: [],
      isOpen: false,
    };
    const alarms: AuditAlarm[] = [];
    const auditor = createAuditor({
      control: fakeControl({ everything: async () => there }),
      stores: made.stores,
      onFound: (alarm) => void alarms.push(alarm),
      now: () => NOW,
    });
    const lookAt = () => auditor.lookAt({ runId: 'old', run: 'execution-old' });
    return { ...made, alarms, look: () => auditor.look(), lookAt };
  }

  it('finds what has begun under its name since, once', async () => {
    const { stores, alarms, lookAt } = await prunedRun(['execution-old']);
    await lookAt();
    await lookAt();
    expect(alarms).toMatchObject([{ runId: 'old', findings: [{ found: 'foreignRun', where: 'behind' }] }]);
    expect(await stores.findings.list({ runId: 'old', open: true })).toHaveLength(1);
  });

  it('finds nothing at what was read before', async () => {
    const { alarms, lookAt } = await prunedRun(['execution-old', 'behind']);
    await lookAt();
    expect(alarms).toEqual([]);
  });

  it('puts it away, and enters nothing of it', async () => {
    const { url, stores, look } = await prunedRun(['execution-old', 'behind']);
    await rowsAt(url, `UPDATE audits SET is_final = false, audited_at = NULL`);
    const { size } = await stores.ledger.head();
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    expect([(await stores.audits.find('old'))?.isFinal, (await stores.ledger.head()).size]).toEqual([
      true,
      size,
    ]);
  });
});

describe('the database refuses', () => {
  it.each([
    ['UPDATE ledger SET entry = NULL WHERE position = 0'],
    ["UPDATE ledger SET entry = '{}' WHERE position = 0"],
    ['UPDATE ledger SET leaf = leaf'],
    ["UPDATE prunings SET actor = 'nobody'"],
    ['DELETE FROM pruned_ranges'],
    ['TRUNCATE prunings CASCADE'],
  ])('also after a pruning: %s', async (sql) => {
    const { url, ran, prune } = await newLedger();
    await ran('young', 10);
    await ran('old', 200);
    await prune();
    await expect(statement(url, sql)).rejects.toThrow('only ever added to');
  });

  it('a pruning of what is not named in it', async () => {
    const { url, ran } = await newLedger();
    await ran('old', 200);
    const sql = `
      INSERT INTO prunings (id, pruned_at, actor, statement, written_in) VALUES ('p', now(), 'x', 'x', '0');
      INSERT INTO pruned_ranges VALUES ('p', 0, 0);
      UPDATE ledger SET entry = NULL WHERE position = 1`;
    await expect(statement(url, sql)).rejects.toThrow('only ever added to');
  });

  it('to prune again what an old pruning names', async () => {
    const { url, ran } = await newLedger();
    await ran('old', 200);
    await statement(
      url,
      `INSERT INTO prunings (id, pruned_at, actor, statement, written_in) VALUES ('p', now(), 'x', 'x', '0');
       INSERT INTO pruned_ranges VALUES ('p', 0, 9)`,
    );
    await expect(statement(url, 'UPDATE ledger SET entry = NULL')).rejects.toThrow('only ever added to');
  });
});

describe('whoever verifies finds', () => {
  async function prunedCopy() {
    const made = await newLedger();
    await made.ran('young', 10);
    await made.ran('old', 200);
    await made.ran('later', 5);
    const { runs } = await made.prune();
    expect(runs).toEqual(['old']);
    return { ...made, whole: await made.copy() };
  }

  it('a text that is missing without a pruning', async () => {
    const { whole, stores, verified } = await prunedCopy();
    const leaves = await stores.ledger.leafHashes(1);
    const leaf = Buffer.from(leaves[0] ?? []).toString('hex');
    const entries = [{ position: 0, leaf }, ...whole.entries.slice(1)];
    expect(verified({ ...whole, entries })).toMatchObject({
      ok: false,
      problem: { code: 'evidence.notPruned', position: 0 },
    });
  });

  it('a pruning whose statement is gone', async () => {
    const { whole, verified } = await prunedCopy();
    expect(verified({ ...whole, prunings: [] })).toMatchObject({
      ok: false,
      problem: { code: 'evidence.notPruned' },
    });
  });

  it('a pruning that another key has signed', async () => {
    const { whole, verified } = await prunedCopy();
    const other = await prunedCopy();
    const { prunings = [] } = other.whole;
    expect(verified({ ...whole, prunings })).toMatchObject({
      ok: false,
      problem: { code: 'ledger.notSigned' },
    });
  });

  it('a hash in place of a removed text that was another', async () => {
    const { whole, verified } = await prunedCopy();
    const entries = whole.entries.map((row) => ('leaf' in row ? { ...row, leaf: 'b'.repeat(64) } : row));
    expect(verified({ ...whole, entries }).ok).toBe(false);
  });
});
