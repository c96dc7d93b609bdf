import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { downloadTemporalCli } from '../../src/stack/temporal-cli-download.ts';
import { askCliVersion } from '../../src/stack/temporal-cli-version.ts';
import { tempFolder, writeFakeCli } from './helpers.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

describe('the official download', () => {
  it('is unpacked to where it is wanted', async () => {
    const folder = await tempFolder();
    await writeFakeCli(join(folder, 'temporal'));
    execFileSync('tar', ['-czf', join(folder, 'cli.tar.gz'), '-C', folder, 'temporal']);
    const archive = await readFile(join(folder, 'cli.tar.gz'));
    const origin = await serve((request, response) => {
      const known = request.url?.startsWith('/cli/archive/v1.5.1?platform=') === true;
      response.writeHead(known ? 200 : 404).end(archive);
    });
    const target = join(folder, 'found');
    expect(await downloadTemporalCli({ target, origin })).toEqual({ ok: true });
    expect(await askCliVersion(target)).toEqual({ cli: '1.5.1', server: '1.29.1' });
  });

  it('is given up when nothing arrives', async () => {
    const origin = await serve(() => undefined);
    const target = join(await tempFolder(), 'found');
    expect(await downloadTemporalCli({ target, origin, silenceLimitMs: 50 })).toEqual({
      ok: false,
      reason: 'nothing arrived for 0.05 s',
    });
  });

  it('is given up when it stops in the middle', async () => {
    const origin = await serve((_request, response) => void response.writeHead(200).write('a beginning'));
    const target = join(await tempFolder(), 'found');
    expect(await downloadTemporalCli({ target, origin, silenceLimitMs: 200 })).toMatchObject({ ok: false });
  });

  it('says what the server answered', async () => {
    const origin = await serve((_request, response) => response.writeHead(503).end());
    const target = join(await tempFolder(), 'found');
    expect(await downloadTemporalCli({ target, origin })).toEqual({
      ok: false,
      reason: 'the server answered 503',
    });
  });

  it('is refused when it is no archive', async () => {
    const origin = await serve((_request, response) =>
      response.end('<html>Log in to the guest network</html>'),
    );
    const target = join(await tempFolder(), 'found');
    expect(await downloadTemporalCli({ target, origin })).toMatchObject({ ok: false });
  });
});
