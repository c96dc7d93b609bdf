import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StackContext } from '../cli/stack-door.ts';
import { isOver, openGates, type Muster } from '../client/index.ts';
import { startEmbeddedStack } from './embedded-stack.ts';
import { musterOn } from './muster-on.ts';
import { DATA_DIR } from './open-muster.ts';
import { PROJECT_ROOT } from './project.ts';

/** Eight minutes take sixteen seconds: long enough to be watched. */
const TIME_SCALE = 30;
const OPERATOR = 'anna';
const APPROVER = 'demo-approver';
const LOOK_EVERY_MS = 500;
/** Whoever watches should see that the run waits. */
const THINKING_MS = 2_000;

/** Runs a whole drill against the simulator, with its own stack and its own approver; the answer is the drill's. */
export async function runDemo(context: StackContext): ReturnType<StackContext['follow']> {
  const { dataDir = join(DATA_DIR, 'demo'), configFile, print, signal, follow } = context;
  const stack = await startEmbeddedStack({
    dataDir,
    timeScale: TIME_SCALE,
    onProgress: print,
    signal,
    ...(configFile === undefined ? {} : { configFile }),
  });
  const muster = musterOn(stack.temporal, stack, { as: OPERATOR });
  const approver = musterOn(stack.temporal, stack, { as: APPROVER });
  try {
    const file = join('runbooks', 'dr-drill.yaml');
    const url = `${stack.simulator.urls.app}/apps/ERP-CANARY/health`;
    const { runId } = await muster.start({
      file,
      text: await readFile(join(PROJECT_ROOT, file), 'utf8'),
      mode: 'drill',
      purpose: 'exercise',
      inputs: { url, backupId: stack.simulator.world.scenario.vbr.agentBackups[0]?.id },
    });
    print(
      `Started ${runId} as ${OPERATOR}. Everything is real but the Veeam servers: look at ${stack.temporal.uiUrl}`,
    );
    const approving = new AbortController();
    const approved = approveWhenAsked(approver, runId, AbortSignal.any([signal, approving.signal]), print);
    const exitCode = await Promise.race([follow(muster, runId, { dataDir }), stack.broken]);
    approving.abort();
    await approved;
    return exitCode;
  } finally {
    await approver.close();
    await muster.close();
    await stack.stop();
  }
}

/** Says yes to the approvals of the run, as a person would: visibly, and with a reason. */
async function approveWhenAsked(
  muster: Muster,
  runId: string,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    const view = await muster.show(runId);
    if (isOver(view)) return;
    for (const { step, gate } of openGates(view.steps)) {
      if (gate.kind !== 'approval') continue;
      const { path } = step;
      print(`${APPROVER} says yes at ${path}: the same as vote … --approve --as ${APPROVER}`);
      await pause(THINKING_MS, undefined, { signal }).catch(() => undefined);
      await muster.vote({ runId, gate: path, decision: 'approve', comment: 'the demo' });
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
