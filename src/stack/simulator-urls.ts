import type { SimulatorUrls } from '../config/index.ts';
import type { StackFile } from './stack-file.ts';

/** Where the simulator of a running stack listens; undefined when there is none. */
export function simulatorUrlsOf(stack: StackFile | undefined): SimulatorUrls | undefined {
  const { vro, vbr, app } = stack?.urls ?? {};
  return vro === undefined || vbr === undefined || app === undefined ? undefined : { vro, vbr, app };
}
