import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, test } from 'vitest';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { payloadTexts } from '../../tools/history-text.ts';
import { replay } from '../support/replay.ts';

/**
 * `<workflow>__<scenario>__v<release>.json`; `tools/record-histories.ts` makes those of the present release. `-a` are from before
 * gates told people anything and refusals were kept, `-b` from before runs told the ledger, `-c` from before that was in their
 * history first: what is not `patched` is replayed by them. In `ledger-away` the ledger refuses what the run tells it, first in the middle of a workflow task.
 */
const FOLDER = join(import.meta.dirname, 'histories');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

logWorkersTo(join(tmpdir(), `muster-test-workers-${process.pid}.log`));

const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

describe('recorded histories', () => {
  test('are there, of every kind of run', () => {
    const scenarios = new Set(files.map((file) => file.replace(/^runbook__(.*?)(-\d+-of-\d+)?__v.*$/, '$1')));
    expect([...scenarios].sort()).toEqual([
      'cancelled-in-a-watch',
      'continued-as-new',
      'drill-succeeded',
      'failover-approved',
      'failover-rejected',
      'halted-and-continued',
      'ledger-away',
    ]);
  });

  test('replay with the present workflows, each of them', async () => {
    const failed = await replay(Object.fromEntries(files.map((file) => [file, textOf(file)])));
    expect(Object.entries(failed).map(([file, error]) => `${file}: ${error.message}`)).toEqual([]);
  });

  test('do not replay when the workflows would do something else', async () => {
    const [file = ''] = files.filter((name) => name.includes('drill-succeeded'));
    const other = textOf(file).replaceAll('"vro.readinessCheck"', '"vro.undo"');
    expect(await replay({ other })).toEqual({ other: expect.any(DeterminismViolationError) as unknown });
  });

  test.each(files)('say nothing of where they were recorded, and no secret: %s', (file) => {
    const text = textOf(file);
    const all = [text, ...payloadTexts(JSON.parse(text))].join('\n');
    const identities = new Set([...text.matchAll(/"identity":"([^"]*)"/g)].map(([, identity]) => identity));
    expect([...identities]).toEqual(['worker']);
    expect(all).not.toMatch(
      /stackTrace|PRIVATE KEY|password|access_token|"recoveryToken":|\/(home|root|tmp|Users)\//,
    );
  });
});
