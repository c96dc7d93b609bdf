import { access, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findTemporalCli } from '../../src/stack/temporal-cli.ts';
import type { CliMakers, FindTemporalCliOptions } from '../../src/stack/temporal-cli.ts';
import { buildTemporalCli, findGo } from '../../src/stack/temporal-cli-build.ts';
import { environmentOf, errorOf, PROJECT_ROOT, tempFolder, writeFakeCli, writeProgram } from './helpers.ts';

/** Ways that all fail, but for those given. */
function makersWith(some: Partial<CliMakers> = {}): CliMakers {
  return {
    download: async () => ({ ok: false, reason: 'the network is down' }),
    findGo: async () => ({ ok: false, reason: 'Go is not installed' }),
    build: async () => ({ ok: false, reason: 'not called' }),
    ...some,
  };
}

async function setUp(): Promise<{ folder: string; options: FindTemporalCliOptions }> {
  const folder = await tempFolder();
  const cacheDir = join(folder, 'cache');
  const options = { environment: environmentOf(), projectRoot: PROJECT_ROOT, cacheDir, makers: makersWith() };
  return { folder, options };
}

const downloading: CliMakers['download'] = async ({ target }) => {
  await writeFakeCli(target);
  return { ok: true };
};

/** Knows `go version` and `go build … -o target …`; what it builds is a CLI. */
async function writeFakeGo(folder: string, version: string): Promise<string> {
  const fakeCli = await writeFakeCli(join(folder, 'made-by-go'));
  await writeProgram(
    join(folder, 'go'),
    `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
echo "go: downloading example.com/module v1.0.0" >&2
while [ "$1" != "-o" ]; do shift; done
/bin/cp "${fakeCli}" "$2"`,
  );
  return folder;
}

describe('the Temporal CLI', () => {
  it('is the one that the environment names', async () => {
    const { folder, options } = await setUp();
    const path = await writeFakeCli(join(folder, 'own', 'temporal'), '1.6.0');
    const onPath = await writeFakeCli(join(folder, 'bin', 'temporal'));
    const environment = environmentOf({ MUSTER_TEMPORAL_CLI: path, PATH: join(onPath, '..') });
    expect(await findTemporalCli({ ...options, environment })).toEqual({
      path,
      version: '1.6.0',
      source: 'environment',
    });
  });

  it('is refused when the environment names something else', async () => {
    const { folder, options } = await setUp();
    const environment = environmentOf({
      MUSTER_TEMPORAL_CLI: await writeProgram(join(folder, 'ls'), 'echo no'),
    });
    expect(await errorOf(findTemporalCli({ ...options, environment }))).toMatchObject({
      code: 'stack.temporalCliUnusable',
    });
  });

  it('is the one on PATH next', async () => {
    const { folder, options } = await setUp();
    const path = await writeFakeCli(join(folder, 'bin', 'temporal'));
    const environment = environmentOf({
      PATH: ['relative', '/nowhere', join(folder, 'bin')].join(delimiter),
    });
    expect(await findTemporalCli({ ...options, environment })).toMatchObject({ path, source: 'path' });
  });

  it('is not one on PATH that is too old or dumb', async () => {
    const { folder, options } = await setUp();
    await writeFakeCli(join(folder, 'old', 'temporal'), '1.1.2');
    await writeProgram(join(folder, 'dumb', 'temporal'), 'exit 1');
    const environment = environmentOf({ PATH: [join(folder, 'old'), join(folder, 'dumb')].join(delimiter) });
    const onProgress = vi.fn();
    const makers = makersWith({ download: downloading });
    expect(await findTemporalCli({ ...options, environment, makers, onProgress })).toMatchObject({
      source: 'download',
    });
    expect(onProgress.mock.calls.flat().join()).toMatch(/1\.1\.2 is too old.*does not answer/);
  });

  it('is downloaded once and then taken from the cache', async () => {
    const { options } = await setUp();
    const first = await findTemporalCli({ ...options, makers: makersWith({ download: downloading }) });
    const second = await findTemporalCli(options);
    expect([first.source, second.source, second.path]).toEqual(['download', 'cache', first.path]);
  });

  it('is built with Go where nothing can be downloaded', async () => {
    const { folder, options } = await setUp();
    const environment = environmentOf({ PATH: await writeFakeGo(join(folder, 'go'), '1.26.1') });
    const onProgress = vi.fn();
    const makers = makersWith({ findGo, build: buildTemporalCli });
    const cli = await findTemporalCli({ ...options, environment, makers, onProgress });
    expect(cli).toMatchObject({ version: '1.5.1', source: 'built' });
    expect(onProgress).toHaveBeenLastCalledWith(expect.stringContaining('1 modules downloaded'));
  });

  it('is missing with three ways out when Go is too old', async () => {
    const { folder, options } = await setUp();
    const environment = environmentOf({ PATH: await writeFakeGo(join(folder, 'go'), '1.24.9') });
    const error = await errorOf(findTemporalCli({ ...options, environment, makers: makersWith({ findGo }) }));
    expect(error).toMatchObject({ code: 'stack.temporalCliMissing' });
    expect(String(error)).toMatch(
      /network is down.*Go 1\.24\.9 is older than 1\.25[^]*MUSTER_TEMPORAL_CLI to its path/,
    );
  });

  it('is missing when there is no Go', async () => {
    const { options } = await setUp();
    const error = await errorOf(findTemporalCli({ ...options, makers: makersWith({ findGo }) }));
    expect(error).toMatchObject({ code: 'stack.temporalCliMissing' });
  });

  it('is not a download that does not run', async () => {
    const { options } = await setUp();
    const download: CliMakers['download'] = async ({ target }) => {
      await writeFile(target, 'half of a binary', { mode: 0o755 });
      return { ok: true };
    };
    const error = await errorOf(findTemporalCli({ ...options, makers: makersWith({ download }) }));
    expect(error).toMatchObject({ code: 'stack.temporalCliMissing' });
    expect(
      (await readdir(options.cacheDir ?? '', { recursive: true })).filter((name) => /tmp|lock/.test(name)),
    ).toEqual([]);
  });

  it('is prepared once when two look at the same time', async () => {
    const { options } = await setUp();
    const download = vi.fn(downloading);
    const makers = makersWith({ download });
    const found = await Promise.all([1, 2, 3].map(() => findTemporalCli({ ...options, makers })));
    expect(download).toHaveBeenCalledTimes(1);
    expect(found.map(({ source }) => source).sort()).toEqual(['cache', 'cache', 'download']);
  });

  it('leaves the search, and no process, when cancelled', async () => {
    const { folder, options } = await setUp();
    const started = join(folder, 'started');
    const go = await writeProgram(
      join(folder, 'go'),
      `echo $$ > ${started}.tmp; /bin/mv ${started}.tmp ${started}; while :; do :; done`,
    );
    const cancelling = new AbortController();
    const makers = makersWith({
      findGo: async () => ({ ok: true, path: go }),
      build: async (asked) => {
        const built = buildTemporalCli(asked);
        await vi.waitFor(() => access(started), { timeout: 10_000 });
        cancelling.abort();
        return built;
      },
    });
    const error = await errorOf(findTemporalCli({ ...options, makers, signal: cancelling.signal }));
    expect(error).toMatchObject({ code: 'stack.cancelled' });
  });
});
