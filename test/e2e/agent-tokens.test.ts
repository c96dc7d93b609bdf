import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInputs } from '../../src/cli/inputs.ts';
import type { RunView } from '../../src/client/index.ts';
import { textOf } from '../../src/model/json.ts';
import { executionsOf } from '../support/executions.ts';
import { callsTo, decide, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const SLOW = { timeout: 120_000 };
const ISSUE = 'POST /api/v1/agents/recoveryTokens';
const AGENTS = Array.from({ length: 40 }, (_, index) => `branch-${String(index + 1).padStart(2, '0')}`);
/** Agents that have no backup yet, where some have none. */
const NEW = ['branch-07', 'branch-19', 'branch-40'];

/** A server with the backups of these agents. */
async function branches(agents: readonly string[]): Promise<Stage> {
  const agentBackups = agents.map((computer) => ({ name: `Agents - ${computer}`, computer }));
  return stageForTest({ scenario: { name: 'branches', vro: { plans: [] }, vbr: { agentBackups } } });
}

/** The agent that a token was issued for, by what the server knows. */
function holderOf({ simulator }: Stage, tokenId: string): string | undefined {
  const { recoveryTokens, scenario } = simulator.world;
  const [backup] = recoveryTokens.get(tokenId).backupIds;
  return scenario.vbr.agentBackups.find(({ id }) => id === backup)?.computer;
}

/** The agents of all tokens, one name for each token. */
function tokenHolders(stage: Stage): (string | undefined)[] {
  return tokensOf(stage)
    .ids.map((id) => holderOf(stage, id))
    .sort();
}

function requestsIn({ simulator }: Stage): number | undefined {
  return simulator.faults.requests().find(({ call }) => call === ISSUE)?.requests;
}

/** Every token's id and value, as the server knows them. */
function tokensOf({ simulator }: Stage): { readonly ids: string[]; readonly values: string[] } {
  const tokens = simulator.world.recoveryTokens.list();
  return { ids: tokens.map(({ id }) => id), values: tokens.map(({ recoveryToken }) => recoveryToken) };
}

/** All that is recorded of a run: what it shows, and its whole history with its payloads. */
async function recordOf(stage: Stage, runId: string, view: RunView): Promise<string> {
  const histories = await executionsOf(stage, runId);
  return [JSON.stringify(view), ...histories.map(({ events }) => textIn(events))].join('\n');
}

function textIn(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textIn).join('\n');
}

test('of 40 agents three have no backup: one gate, and a token for each of the others', SLOW, async () => {
  const stage = await branches(AGENTS.filter((name) => !NEW.includes(name)));
  const inputs = { agents: AGENTS.map((name) => ({ name })), validFor: '8h' };
  const runId = await stage.start('agent-tokens', { inputs });
  const { failure } = await stage.gate(runId, 'tokens');
  expect(failure).toMatchObject({
    message: '37 ok, 3 failed: branch-07, branch-19, branch-40. Retry those, skip those, or abort.',
    details: {
      ok: 37,
      failed: 3,
      items: NEW.map((key) => ({ key, step: `tokens/${key}/find`, code: 'vbr.backupNotFound' })),
    },
  });
  const waiting = (await stage.muster.show(runId)).steps.filter(({ state }) => state === 'waiting');
  expect(waiting.map(({ path }) => path)).toEqual(['tokens']);

  await decide(stage, runId, 'tokens', 'skip', { comment: 'they are new, and have no backup yet' });
  const view = await stage.ended(runId);
  expect([view.outcome, stepOf(view, 'tokens').output, stepOf(view, 'issued').output]).toMatchObject([
    'warned',
    { total: 40, succeeded: 37, failed: 3 },
    { total: 37 },
  ]);
  expect(tokenHolders(stage)).toEqual(AGENTS.filter((name) => !NEW.includes(name)));
  expect(requestsIn(stage)).toBe(37);

  const { ids, values } = tokensOf(stage);
  const record = await recordOf(stage, runId, view);
  // The record has what the run may see of each token, so that the token itself would be found in it.
  expect(ids.filter((id) => !record.includes(id))).toEqual([]);
  expect(values.filter((value) => record.toLowerCase().includes(value.toLowerCase()))).toEqual([]);
  const kept = await stage.muster.as('anna').secrets.list({ runId });
  expect(kept.flatMap(({ machines }) => machines).sort()).toEqual(
    AGENTS.filter((name) => !NEW.includes(name)),
  );
});

test('agents of a table: what the server refuses is tried again, what was lost is not', SLOW, async () => {
  const stage = await branches(AGENTS);
  const { faults } = stage.simulator;
  faults.add({ kind: 'drop', system: 'vbr', call: ISSUE, when: 'after', times: 3 });
  faults.add({ kind: 'error', system: 'vbr', call: ISSUE, status: 403, after: 10, times: 3 });
  await writeFile(join(stage.folder, 'agents.csv'), `name\r\n${AGENTS.join('\r\n')}\r\n`);
  const inputs = await readInputs(['agents=@agents.csv', 'validFor=2h'], { cwd: stage.folder });
  const runId = await stage.start('agent-tokens', { inputs });
  const { failure } = await stage.gate(runId, 'tokens');
  expect(failure).toMatchObject({
    details: { ok: 37, failed: 3, items: Array(3).fill({ code: 'veeam.forbidden' }) },
  });
  expect(tokenHolders(stage)).toHaveLength(37);

  await decide(stage, runId, 'tokens', 'retry');
  const view = await stage.ended(runId);
  expect([view.outcome, stepOf(view, 'issued').output]).toMatchObject(['succeeded', { total: 40 }]);
  expect(tokenHolders(stage)).toEqual(AGENTS);
  expect([requestsIn(stage), callsTo(stage).length]).toEqual([43, 40]);
  const issued = AGENTS.map((name) => stepOf(view, `tokens/${name}/issue`));
  expect(issued.filter(({ command }) => command?.how === 'adopted')).toHaveLength(3);
  const own = issued.map(({ output }) => holderOf(stage, textOf(output?.['id']) ?? ''));
  expect(own).toEqual(AGENTS);
});

test.each([
  ['a wrong field', 'computer\nbranch-01\n', /there is no field `computer`/],
  ['an empty file', '', /it is empty/],
])('a table with %s is refused before anything starts', async (_what, table, message) => {
  const stage = await stageForTest({ worker: false });
  await writeFile(join(stage.folder, 'agents.csv'), table);
  const started = readInputs(['agents=@agents.csv'], { cwd: stage.folder }).then((inputs) =>
    stage.start('agent-tokens', { inputs }),
  );
  const refusal: unknown = await started.catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Error);
  expect(JSON.stringify(refusal) + String(refusal)).toMatch(message);
});
