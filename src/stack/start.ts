import { relative, resolve } from 'node:path';
import type { StackContext } from '../cli/stack-door.ts';
import { aborted } from './aborted.ts';
import { startEmbeddedStack } from './embedded-stack.ts';
import { DATA_DIR } from './open-muster.ts';

/** An operator who tries things out wants to watch a failover of an hour within a minute. */
const TIME_SCALE = 60;

/** Brings the stack up and keeps it up until Ctrl-C. */
export async function runStart(context: StackContext): Promise<0 | 1> {
  const { dataDir = DATA_DIR, configFile, print, signal } = context;
  const began = Date.now();
  const stack = await startEmbeddedStack({
    dataDir,
    timeScale: TIME_SCALE,
    onProgress: print,
    signal,
    ...(configFile === undefined ? {} : { configFile }),
  });
  const { temporal, simulator } = stack;
  print(
    `muster is up after ${((Date.now() - began) / 1_000).toFixed(1)} s, data in ${relative('.', resolve(dataDir))}/`,
  );
  print(`  Temporal    ${temporal.address}, web UI ${temporal.uiUrl}`);
  print(`  people      ${stack.server.url} (sign in, see what waits, answer)`);
  const { vro, vbr, one } = simulator.urls;
  print(`  simulator   VRO ${vro}  VBR ${vbr}  Veeam ONE ${one}  (an hour takes a minute)`);
  print(`              faults and journal: ${simulator.urls.control}`);
  print(`              health pages: ${simulator.urls.app}/apps/PLAN/health`);
  print('  try         in another terminal:');
  print(
    `              npx muster run dr-drill --as anna --watch -i url=${simulator.urls.app}/apps/ERP-CANARY/health`,
  );
  const named = stack.config.temporal?.address;
  if (named !== undefined) {
    print(
      `  note        muster.yaml names the Temporal server ${named}: the other commands use that one, not this.`,
    );
  }
  print('  end         Ctrl-C');
  try {
    await Promise.race([stack.broken, aborted(signal)]);
    print('Stopping.');
    return 0;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await stack.stop();
  }
}
