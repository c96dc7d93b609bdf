import { effects } from './001-effects.ts';
import { gates } from './002-gates.ts';
import { freezes } from './003-freezes.ts';
import { people } from './010-people.ts';
import type { Migration } from './migration.ts';

/** All of them, in the order in which they are applied. */
export const MIGRATIONS: readonly Migration[] = [effects, gates, freezes, people];
