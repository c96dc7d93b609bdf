import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createLogger, type Logger } from '../../src/observe/logger.ts';

const folder = await mkdtemp(join(tmpdir(), 'muster-log-'));
afterAll(() => rm(folder, { recursive: true }));

/** What one event leaves in the file. */
async function logged(name: string, log: (logger: Logger) => void): Promise<string> {
  const file = join(folder, 'logs', name);
  log(createLogger({ file, level: 'info' }));
  return readFile(file, 'utf8');
}

it('hides secrets, also nested ones and those in errors', async () => {
  const text = await logged('secrets', (logger) => {
    const error = Object.assign(new Error('failed'), { response: { access_token: 's3cret-1' } });
    logger
      .child({ connection: { password: 's3cret-2' } })
      .error({ err: error, headers: { authorization: 's3cret-3' } });
  });
  expect(text).not.toContain('s3cret');
  expect(text.match(/\[hidden\]/g)).toHaveLength(3);
});

it('lets no control character through', async () => {
  const hostile = 'a\n{"level":60}\u001b[2J\u009b2J\u202e\u007f';
  const text = await logged('control', (logger) => logger.info({ name: hostile }, hostile));
  expect(text).toMatch(/^[\u0020-\u007e]+\n$/);
  expect(JSON.parse(text)).toMatchObject({ name: hostile, msg: hostile });
});

it('writes a file that only its owner may read', async () => {
  await logged('mode', (logger) => logger.info('here'));
  expect((await stat(join(folder, 'logs', 'mode'))).mode & 0o777).toBe(0o600);
});
