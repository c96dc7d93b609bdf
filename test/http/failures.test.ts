import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../src/observe/logger.ts';
import { openTestApp } from './app.ts';

/** A server that fails at whatever somebody asks it, and its log. */
async function failing(message: string) {
  const folder = await mkdtemp(join(tmpdir(), 'muster-http-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'server.log');
  const app = await openTestApp({
    trustLocal: true,
    logger: createLogger({ file, level: 'info' }),
    musterFor: () => {
      throw new Error(message);
    },
  });
  onTestFinished(() => app.close());
  return { app, logged: () => readFile(file, 'utf8') };
}

test('what muster itself fails at is in its log, and not in the answer', async () => {
  const { app, logged } = await failing('the reason is nobody’s business');
  const answer = await app.ask(await app.login('operator'), 'GET', '/api/v1/runs?note=a-secret-of-a-link');
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('business');
  expect(await logged()).toContain('the reason is nobody’s business');
  expect(await logged()).not.toContain('a-secret-of-a-link');
});

test('what somebody did wrong is not in the log', async () => {
  const { app, logged } = await failing('unused');
  expect((await app.ask(undefined, 'GET', '/api/v1/runs')).statusCode).toBe(401);
  expect(await logged()).toBe('');
});
