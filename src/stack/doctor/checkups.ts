import type { ServerKind } from '../../config/index.ts';
import type { OpenCheckup } from './checkup.ts';
import { oneCheckup } from './one.ts';
import { vbrCheckup } from './vbr.ts';
import { vroCheckup } from './vro.ts';

/** For each product how it is examined, and the versions of its API that muster speaks, oldest first. */
export const CHECKUPS: Readonly<Record<ServerKind, { open: OpenCheckup; versions: readonly string[] }>> = {
  vro: vroCheckup,
  vbr: vbrCheckup,
  one: oneCheckup,
};
