import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { START } from './sample-run.ts';

/** The clock of the command line in these tests. */
const NOW = START + 60_000;

async function declared(time: string) {
  const muster = fakeMuster();
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  await writeFile(join(folder, 'dr-drill.yaml'), 'name: dr-drill\n');
  const args = ['run', join(folder, 'dr-drill.yaml'), '--declared', time];
  const { code, stderr } = await runMuster(args, { muster, person: 'anna' });
  const [, request] = muster.calls[0] ?? [];
  return { code, stderr, declaredAt: (request as { declaredAt?: number } | undefined)?.declaredAt };
}

test('the loss is declared by how long ago it was', async () => {
  expect(await declared('25m')).toMatchObject({ code: 0, declaredAt: NOW - 25 * 60_000 });
});

test('the loss is declared by a time with its zone', async () => {
  expect((await declared('2025-01-31T03:50+01:00')).declaredAt).toBe(Date.UTC(2025, 0, 31, 2, 50));
});

test('a time without its zone is refused before anything is asked', async () => {
  const { code, stderr, declaredAt } = await declared('03:50');
  expect([code, declaredAt]).toEqual([2, undefined]);
  expect(stderr).toContain('--declared: `03:50` is no time.');
});
