import { inject, onTestFinished } from 'vitest';
import type { RunView, VoteRequest } from '../../src/client/index.ts';
import type { Decision } from '../../src/model/vote.ts';
import { openStageOn, type Stage, type StageSetup } from './open-stage.ts';

export { stepOf } from './open-stage.ts';
export type { Stage } from './open-stage.ts';
export { runbookOf } from './runbook-of.ts';

export interface StageOptions extends StageSetup {
  /** Another Temporal than the suite's. */
  readonly address?: string;
}

/** Opens a stage. Close it at the end of the test (`onTestFinished(() => stage.close())`). */
export async function openStage({
  address = inject('temporalAddress'),
  ...setup
}: StageOptions = {}): Promise<Stage> {
  const place = { bundlePath: inject('workflowBundlePath'), databaseUrl: inject('databaseUrl') };
  return openStageOn({ address, ...place }, setup);
}

/** Opens a stage that closes with the test. */
export async function stageForTest(options?: StageOptions): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

/** Everything that changed the simulated world so far. */
export function callsTo({ simulator }: Pick<Stage, 'simulator'>): string[] {
  return simulator.journal.map(({ call }) => call);
}

/** Answers the gate of a failed step, as anna, once it is open. */
export async function decide(
  { gate, muster }: Pick<Stage, 'gate' | 'muster'>,
  runId: string,
  path: string,
  decision: Decision,
  more: Partial<VoteRequest> & { person?: string } = {},
): Promise<void> {
  await gate(runId, path);
  await muster.vote({ runId, gate: path, decision, comment: 'for the test', person: 'anna', ...more });
}

/** Says yes at an approval as each of these people, once it is open. */
export async function approve(
  { gate, muster }: Pick<Stage, 'gate' | 'muster'>,
  runId: string,
  path: string,
  ...people: string[]
): Promise<void> {
  await gate(runId, path);
  for (const person of people) await muster.vote({ runId, gate: path, decision: 'approve', person });
}

/** The outcome of each step by its path. */
export function outcomesOf({ steps }: Pick<RunView, 'steps'>): Record<string, string | undefined> {
  return Object.fromEntries(steps.map(({ path, outcome }) => [path, outcome]));
}

/** Inputs of `dr-drill` against this simulator. */
export function drillInputs({ simulator }: Pick<Stage, 'simulator'>): Record<string, unknown> {
  return {
    url: `${simulator.urls.app}/apps/ERP-CANARY/health`,
    backupId: simulator.world.scenario.vbr.agentBackups[0]?.id,
  };
}
