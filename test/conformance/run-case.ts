import { expect, type TestContext } from 'vitest';
import { MusterError, type RunView, type StartRequest } from '../../src/client/index.ts';
import { virtualClock, type VirtualClock } from '../../src/simulator/index.ts';
import { openStage, runbookOf, type Stage } from '../support/stage.ts';
import { needsOwnWorld, type Act, type Case, type Sequel, type Trace } from './case.ts';
import { notInMiddle } from './continued.ts';
import type { By } from '../support/person-muster.ts';
import { filled } from './fill.ts';
import { play } from './play.ts';
import { traceOf } from './trace.ts';

interface Scene {
  readonly stage: Stage;
  /** The simulated time, when a case has stopped it. */
  readonly clock: VirtualClock | undefined;
}

/** Plays a case on the shared stage, or on one of its own when it needs a world of its own, and compares its trace. */
export async function runCase(
  one: Case,
  shared: () => Promise<Stage>,
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
): Promise<void> {
  const clock = one.world === undefined ? undefined : virtualClock();
  const stage = needsOwnWorld(one)
    ? await openStage({ faults: one.faults, ...(clock !== undefined && { clock }) })
    : await shared();
  if (needsOwnWorld(one)) onTestFinished(() => stage.close());
  const request = requestOf(one, stage);
  if ('refused' in one.expect) {
    const { diagnostics } = await stage.muster.validate(request);
    const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect(codes.sort()).toEqual(one.expect.refused);
    return;
  }
  const { continueAfter } = one;
  const { runId } = await stage.muster.start({
    ...request,
    ...(continueAfter !== undefined && { continueAfter }),
  });
  const view = await compare({ stage, clock }, runId, one.people, one.expect);
  expect(view.timeline.continuations > 0, 'whether it continued as new').toBe(continueAfter !== undefined);
  if (one.middle.length > 0) expect(await notInMiddle(stage, view, one.middle)).toEqual([]);
  if (one.then !== undefined) await rerun({ stage, clock }, runId, one.then);
}

function requestOf({ runbook, library, mode, inputs }: Case, stage: Stage): By<StartRequest> {
  return {
    file: 'test.yaml',
    text: runbookOf(filled(runbook, stage)),
    library: Object.fromEntries(
      Object.entries(library).map(([name, lines]) => [name, runbookOf(filled(lines, stage), name)]),
    ),
    mode,
    purpose: 'exercise',
    inputs,
    person: 'anna',
  };
}

async function compare(scene: Scene, runId: string, acts: readonly Act[], expected: Trace): Promise<RunView> {
  const { stage } = scene;
  const before = stage.simulator.journal.length;
  const played = await play(scene, runId, acts);
  const { outputs } = await stage.muster.result(runId);
  const calls = stage.simulator.journal.slice(before);
  expect(traceOf(played, { calls, outputs }, expected)).toEqual(expected);
  return played.view;
}

async function rerun(
  scene: Scene,
  runId: string,
  { from, by, people, expect: expected, refused }: Sequel,
): Promise<void> {
  const again = scene.stage.muster.rerun({ runId, from, person: by });
  if (refused === true) {
    await expect(again).rejects.toBeInstanceOf(MusterError);
    return;
  }
  const next = await again;
  if (expected !== undefined) await compare(scene, next.runId, people, expected);
}
