import { join } from 'node:path';

/** The folder of muster itself: its runbooks, workflow sources and the pinned Temporal CLI. */
export const PROJECT_ROOT = join(import.meta.dirname, '..', '..');
