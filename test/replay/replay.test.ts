import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { describe, expect, inject, test } from 'vitest';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { historyFromJson } from '../../tools/history-json.ts';
import { payloadTexts } from '../../tools/history-text.ts';

/**
 * `<workflow>__<scenario>__v<release>.json`; `tools/record-histories.ts` makes those of the present release. `-a` are from before
 * gates told people anything and refusals were kept: what is not `patched` is replayed by them.
 */
const FOLDER = join(import.meta.dirname, 'histories');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

logWorkersTo(join(tmpdir(), `muster-test-workers-${process.pid}.log`));

const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

/** Replays histories and answers the name of each that the present code would have gone another way in, and why. */
async function replay(histories: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Error>>> {
  const failed: Record<string, Error> = {};
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath: inject('workflowBundlePath') } },
    Object.entries(histories).map(([workflowId, text]) => ({ workflowId, history: historyFromJson(text) })),
  );
  for await (const { workflowId, error } of results) if (error !== undefined) failed[workflowId] = error;
  return failed;
}

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
