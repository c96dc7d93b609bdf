import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/findings.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { without } from '../../src/model/json.ts';
import { parseEntry } from '../../src/ledger/index.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { statement } from '../support/postgres.ts';
import { failureOf, storesOver } from './support.ts';

const RAISED: Omit<Finding, 'history'> = {
  id: 'run-1:warning:web',
  runId: 'run-1',
  runbook: 'erp',
  path: 'web',
  raisedBy: 'warning',
  raisedAt: 1_000,
  text: 'It was slow.\0',
  severity: 'low',
};
const RUN = {
  runId: 'run-1',
  firstExecutionId: 'first',
  runbook: 'erp',
  digest: 'd'.repeat(64),
  mode: 'drill',
  purpose: 'exercise',
  starter: 'anna',
  startedAt: 500,
} as const;

async function newStores() {
  const url = await databaseUrlForTest();
  const stores = await storesOver(url);
  const entries = async (): Promise<LedgerEntry[]> =>
    (await stores.ledger.page(0, 1_000)).map(({ text, position }) => parseEntry(text, position));
  return { url, stores, entries };
}

describe('a finding', () => {
  it('is kept once, however often a run raises it', async () => {
    const { stores, entries } = await newStores();
    for (let time = 0; time < 3; time += 1) await stores.findings.raise([{ finding: RAISED, run: 'first' }]);
    expect(await stores.findings.list()).toEqual([
      { ...RAISED, history: [{ at: 1_000, by: 'muster', what: 'raised' }] },
    ]);
    expect((await entries()).map(({ key }) => key)).toEqual(['finding/run-1:warning:web/0']);
  });

  it('is entered with each change, by the digest of what it then is', async () => {
    const { stores, entries } = await newStores();
    await stores.findings.raise([{ finding: RAISED, run: 'first' }]);
    await stores.findings.change(RAISED.id, (finding) => ({
      finding: { ...without(finding, ['history']), owner: 'boris' },
      changes: [{ at: 2_000, by: 'anna', what: 'assigned', text: 'boris' }],
    }));
    const versions = await stores.findings.versions('first');
    const digests = versions.map(({ document }) => createHash('sha256').update(document).digest('hex'));
    expect(await entries()).toMatchObject([
      { kind: 'finding', number: 0, what: 'raised', textDigest: digests[0] },
      { kind: 'finding', number: 1, what: 'assigned', actor: 'anna', textDigest: digests[1] },
    ]);
  });

  it('is not changed when it cannot be entered', async () => {
    const { url, stores } = await newStores();
    await stores.findings.raise([{ finding: RAISED }]);
    await statement(url, 'ALTER TABLE ledger ADD CONSTRAINT full_disk CHECK (position < 1)');
    const change = stores.findings.change(RAISED.id, (finding) => ({
      finding: { ...without(finding, ['history']), severity: 'high' },
      changes: [{ at: 2_000, by: 'anna', what: 'severity', text: 'high' }],
    }));
    await failureOf(change);
    expect((await stores.findings.find(RAISED.id))?.severity).toBe('low');
  });

  it('is changed by one after the other', async () => {
    const { url, stores } = await newStores();
    const other = await storesOver(url);
    await stores.findings.raise([{ finding: RAISED }]);
    await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        (number % 2 === 0 ? stores : other).findings.change(RAISED.id, (finding) => ({
          finding: { ...without(finding, ['history']), owner: `owner-${number}` },
          changes: [{ at: 2_000, by: 'anna', what: 'assigned', text: `owner-${number}` }],
        })),
      ),
    );
    expect((await stores.findings.find(RAISED.id))?.history).toHaveLength(11);
  });
});

describe('a note', () => {
  const note = { id: 'nt-1', run: 'first', runId: 'run-1', at: 1_000, by: 'anna', text: 'seen' };
  const bytes = Buffer.from('a picture');
  const digest = createHash('sha256').update(bytes).digest('hex');
  const attachment = { name: 'a.png', bytes: bytes.byteLength, digest };

  it('is read back with its file', async () => {
    const { stores, entries } = await newStores();
    await stores.notes.add({ ...note, attachment }, bytes, { maxRunBytes: 100 });
    expect(await stores.notes.ofRun('first')).toEqual([{ ...without(note, ['run']), attachment }]);
    expect(Buffer.from(await stores.notes.file(digest)).toString('utf8')).toBe('a picture');
    expect(await entries()).toMatchObject([{ kind: 'note', actor: 'anna', attachments: [digest] }]);
  });

  it('is refused when the files of its run come to too much, and the same file counts once', async () => {
    const { stores } = await newStores();
    const limit = { maxRunBytes: 12 };
    const add = (id: string, file: Buffer) => {
      const its = createHash('sha256').update(file).digest('hex');
      return stores.notes.add(
        { ...note, id, attachment: { ...attachment, bytes: file.byteLength, digest: its } },
        file,
        limit,
      );
    };
    expect([await add('a', bytes), await add('b', bytes), await add('c', Buffer.from('more'))]).toEqual([
      'kept',
      'kept',
      'tooMuch',
    ]);
  });
});

describe('a run takes no more', () => {
  const note = { id: 'nt-1', run: 'first', runId: 'run-1', at: 1_000, by: 'anna', text: 'seen' };
  const limit = { maxRunBytes: 100 };
  const review = {
    run: 'first',
    runId: 'run-1',
    reportDigest: 'd'.repeat(64),
    decision: 'accepted',
    comment: 'Read.',
    person: 'emil',
    roles: ['auditor'],
    assurance: 'password',
    iat: 1,
    jws: 'a.b.c',
  } as const;
  const fill = (notes: number, text: string): string =>
    `INSERT INTO notes (id, run, run_id, written_at, written_by, body)
     SELECT 'old-' || n, 'first', 'run-1', now(), 'anna', ${text} FROM generate_series(1, ${notes}) AS n`;

  async function filledStores(sql: string) {
    const made = await newStores();
    // The tables are made when somebody first asks.
    await made.stores.notes.ofRun('first');
    await statement(made.url, sql);
    return made;
  }

  it('notes than a thousand, also when two come at once', async () => {
    const { url, stores } = await filledStores(fill(999, `'seen'`));
    const other = await storesOver(url);
    const added = [stores, other].map((each, at) =>
      each.notes.add({ ...note, id: `nt-${at}` }, undefined, limit),
    );
    expect((await Promise.all(added)).sort()).toEqual(['kept', 'tooMuch']);
    expect(await stores.notes.add({ ...note, id: 'nt-2', run: 'second' }, undefined, limit)).toBe('kept');
  });

  it('text in notes than four megabytes', async () => {
    const { stores } = await filledStores(fill(4, `repeat('é', 524286)`));
    expect(await stores.notes.add({ ...note, text: 'é'.repeat(9) }, undefined, limit)).toBe('tooMuch');
    expect(await stores.notes.add({ ...note, text: 'é'.repeat(8) }, undefined, limit)).toBe('kept');
  });

  it('reviews than a hundred, also when two come at once', async () => {
    const { url, stores } = await filledStores(
      `INSERT INTO reviews (id, run, report_digest, signed_at, claims, jws)
       SELECT 'old-' || n, 'first', 'd', now(), '{}', '' FROM generate_series(1, 99) AS n`,
    );
    const other = await storesOver(url);
    const added = [stores, other].map((each, at) => each.reviews.add({ ...review, id: `rv-${at}` }));
    expect((await Promise.all(added)).sort()).toEqual(['kept', 'tooMuch']);
  });
});

describe('an ended run', () => {
  const sum = { summary: { state: 'succeeded' }, findings: [{ finding: RAISED, run: 'first' }] };

  it('is to be summed up until it is, and then once', async () => {
    const { stores, entries } = await newStores();
    await stores.runs.begin(RUN);
    await stores.runs.end('run-1', { endedAt: 900, outcome: 'succeeded' });
    expect((await stores.runs.toSumUp(1_000, 10)).map(({ runId }) => runId)).toEqual(['run-1']);
    await stores.runs.sumUp('run-1', sum);
    await stores.runs.sumUp('run-1', { ...sum, summary: { state: 'failed' } });
    expect(await stores.runs.toSumUp(1_000, 10)).toEqual([]);
    expect((await stores.runs.find('run-1'))?.summary).toEqual({ state: 'succeeded' });
    expect((await entries()).map(({ kind }) => kind)).toEqual(['run.requested', 'finding']);
  });

  it('that cannot be asked is asked later and later', async () => {
    const { stores } = await newStores();
    await stores.runs.begin(RUN);
    await stores.runs.end('run-1', { endedAt: 900, outcome: 'succeeded' });
    await stores.runs.sumUpLater('run-1', 1_000);
    expect(await stores.runs.toSumUp(1_500, 10)).toEqual([]);
    expect(await stores.runs.toSumUp(3_000, 10)).toHaveLength(1);
  });

  it('is the last one before a time', async () => {
    const { stores } = await newStores();
    for (const [runId, startedAt] of [
      ['run-1', 500],
      ['run-2', 700],
    ] as const) {
      await stores.runs.begin({ ...RUN, runId, firstExecutionId: runId, startedAt });
      await stores.runs.end(runId, { endedAt: 900, outcome: 'succeeded' });
    }
    expect((await stores.runs.lastEnded('erp', 'drill', { runId: 'run-2', startedAt: 710 }))?.runId).toBe(
      'run-1',
    );
    expect((await stores.runs.lastGoodDrills(600)).map(({ runId }) => runId)).toEqual(['run-1']);
    expect(await stores.runs.runbooks()).toEqual([{ runbook: 'erp', digest: RUN.digest }]);
  });
});

describe('a schedule that started nothing', () => {
  const launch = {
    id: 'launch-1',
    schedule: 'erp/nightly',
    runbook: 'erp',
    digest: 'd'.repeat(64),
    mode: 'drill',
    scheduledAt: 1_000,
    beganAt: 1_500,
    runId: 'run-1',
  } as const;

  it('is a finding', async () => {
    const { stores } = await newStores();
    await stores.launches.begin(launch);
    await stores.launches.notStarted('launch-1', { code: 'overlap', reason: 'run-0 goes on.' });
    await stores.launches.notStarted('launch-1', { code: 'overlap', reason: 'run-0 goes on.' });
    expect(await stores.findings.list({ open: true })).toMatchObject([
      { raisedBy: 'schedule', runbook: 'erp', text: expect.stringContaining('run-0 goes on.') as string },
    ]);
  });

  it('is none for a time before it was put in force', async () => {
    const { stores } = await newStores();
    await stores.launches.begin(launch);
    await stores.launches.notStarted('launch-1', { code: 'edited', reason: 'before.' });
    expect(await stores.findings.list()).toEqual([]);
  });
});
