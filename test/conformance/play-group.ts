import { afterAll, describe, test } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { readCases } from './case.ts';
import { GROUPS } from './groups.ts';
import { runCase } from './run-case.ts';

/** Slow only when many test files share the machine. */
const WITHIN = { timeout: 180_000 };

/** Declares the tests of a group of files: its cases side by side, most of them on one stage. */
export async function playGroup(group: keyof typeof GROUPS): Promise<void> {
  let opened: Promise<Stage> | undefined;
  const shared = (): Promise<Stage> => (opened ??= openStage());
  afterAll(async () => (await opened)?.close());
  for (const file of GROUPS[group]) {
    const cases = await readCases(file);
    describe.concurrent(file, WITHIN, () => {
      test.for(cases)('$title', async (one, context) => {
        await runCase(one, shared, context);
      });
    });
  }
}
