import type { SimulatorUrls } from '../config/index.ts';
import type { StackFile } from './stack-file.ts';

/** Where the simulator of a running stack listens; undefined when there is none. */
export function simulatorUrlsOf(stack: StackFile | undefined): SimulatorUrls | undefined {
  const { vro, vbr, one, app } = stack?.urls ?? {};
  if (vro === undefined || vbr === undefined || one === undefined || app === undefined) return undefined;
  return { vro, vbr, one, app };
}
