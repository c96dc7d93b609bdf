import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { runServer } from '../../src/stack/run-server.ts';
import { HASH } from '../identity/door.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { tempFolder } from './helpers.ts';

/** Serves with this configuration until it is told to end. */
async function serve(more: string) {
  const folder = await tempFolder();
  const configFile = join(folder, 'muster.yaml');
  const people = `people:\n  anna: { name: Anna, roles: [operator], password: { scrypt: '${HASH}' } }\n`;
  await writeFile(configFile, `connections:\n  dr-site: { kind: vro, url: simulator }\n${people}${more}`);
  vi.stubEnv('DATABASE_URL', await databaseUrlForTest());
  onTestFinished(() => void vi.unstubAllEnvs());
  return runServer({
    configFile,
    dataDir: folder,
    signal: AbortSignal.abort(),
    json: false,
    print: () => undefined,
    follow: async () => 0,
  });
}

test('a server needs a Temporal server in the configuration', async () => {
  await expect(serve('')).rejects.toMatchObject({ code: 'config.invalid' });
});

test('a server does not move to another port than the one that is asked for', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const temporal = `temporal: { address: '${inject('temporalAddress')}', namespace: default }\n`;
  await expect(serve(`${temporal}server: { port: ${port} }\n`)).rejects.toMatchObject({
    code: 'stack.portTaken',
  });
});
