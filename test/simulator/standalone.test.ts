import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { Agent, fetch } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readScenarioFile } from '../../src/simulator/index.ts';
import { HELP, readArguments } from '../../tools/simulator-arguments.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const ANY_PORT = ['--vro-port', '0', '--vbr-port', '0', '--one-port', '0'];

interface Ready {
  readonly urls: Readonly<Record<'vro' | 'vbr' | 'one' | 'app' | 'control', string>>;
  readonly credentials: Readonly<{ username: string; password: string }>;
  readonly ca?: string;
}

interface Standalone {
  readonly child: ChildProcess;
  readonly stdout: Promise<string>;
  readonly stderr: Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<unknown>;
}

/** The command as a process; it is ended with the test at the latest. */
function run(...args: string[]): Standalone {
  return started(process.execPath, '--import', 'tsx', 'tools/simulator.ts', ...args);
}

function started(program: string, ...args: string[]): Standalone {
  const child = spawn(program, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => code ?? signal);
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { child, ended, stdout: textOf(child.stdout), stderr: textOf(child.stderr) };
}

/** What the command says when it is ready. */
async function ready({ child, ended }: Standalone): Promise<Ready> {
  let line = '';
  while (!line.endsWith('\n')) {
    const more = await Promise.race([
      once(child.stdout ?? child, 'data').then(([chunk]) => String(chunk)),
      ended.then((how) => Promise.reject(new Error(`ended with ${String(how)}`))),
    ]);
    line += more;
  }
  return JSON.parse(line) as Ready;
}

/** The statuses of a login at all three servers. */
async function logIns({ urls, credentials, ca }: Ready): Promise<number[]> {
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } });
  onTestFinished(() => dispatcher.close());
  const { username, password } = credentials;
  const places = [`${urls.vro}/api/token`, `${urls.vbr}/api/oauth2/token`, `${urls.one}/api/token`];
  return Promise.all(
    places.map(async (place) => {
      const body = new URLSearchParams({ grant_type: 'password', username: `ANY\\${username}`, password });
      const headers = { 'x-api-version': '1.1-rev1' };
      const response = await fetch(place, { method: 'POST', body, headers, dispatcher });
      await response.text();
      return response.status;
    }),
  );
}

describe('the command', () => {
  test.each([
    ['HTTP', []],
    ['HTTPS', ['--tls']],
  ])('starts alone with %s, takes logins, and ends when told to', async (_title, more) => {
    const process = run(...ANY_PORT, ...more);
    const told = await ready(process);
    expect(told).toMatchObject({ credentials: { username: 'administrator', password: 'Password1' } });
    expect(await logIns(told)).toEqual([200, 200, 200]);
    process.child.kill('SIGTERM');
    expect(await process.ended).toBe(0);
    expect((await process.stdout).trim().split('\n')).toHaveLength(1);
    expect(await process.stderr).toContain('Scenario demo');
  });

  test('shows a world from a file', async () => {
    const process = run(...ANY_PORT, '--quiet', '--scenario', file(SCENARIO));
    const { urls } = await ready(process);
    const world = (await (await fetch(`${urls.control}/world`)).json()) as { scenario: string };
    expect(world.scenario).toBe('tiny');
    process.child.kill('SIGINT');
    expect([await process.ended, await process.stderr]).toEqual([0, '']);
  });

  test('through npm prints nothing but its line, and ends with npm', async () => {
    const npm = started('npm', 'run', '--silent', 'simulator', '--', ...ANY_PORT);
    const { urls } = await ready(npm);
    expect((await fetch(urls.vro)).status).toBe(404);
    npm.child.kill('SIGTERM');
    // The pipes close when the command itself has ended; npm alone would be gone long before.
    await npm.ended;
    await expect(fetch(urls.vro)).rejects.toThrow('fetch failed');
  });

  test.each([
    ['an unknown option', ['--colour'], 2, '--colour'],
    ['an option that npm took for its own', ['5'], 2, 'npm run simulator -- --tls'],
    ['a host that is of another machine', ['--host', '203.0.113.7'], 2, 'not of this machine'],
    ['a host that nobody knows', ['--host', 'no-such-host.invalid'], 2, 'nobody knows this name'],
    ['a port that is none', ['--vro-port', 'many'], 2, '--vro-port is "many"; give a whole number'],
    [
      'a scenario that is not there',
      ['--scenario', 'nowhere.yaml'],
      2,
      'nowhere.yaml cannot be read (ENOENT)',
    ],
  ])('explains %s', async (_title, args, code, reason) => {
    const process = run(...args);
    expect([await process.ended, await process.stdout]).toEqual([code, '']);
    expect(await process.stderr).toContain(reason);
  });

  test('explains a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const process = run(...ANY_PORT, '--one-port', port);
    expect(await process.ended).toBe(3);
    expect(await process.stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
  });

  test('can explain itself', async () => {
    const process = run('--help');
    expect([await process.ended, await process.stdout]).toEqual([0, HELP]);
  });
});

describe('the arguments', () => {
  test('have defaults as the products have', () => {
    expect(readArguments([])).toEqual({
      host: '127.0.0.1',
      ports: { vro: 9898, vbr: 9419, one: 1239, app: 0, control: 0 },
      tls: false,
      scenario: 'demo',
      timeScale: 1,
      seed: 1,
      faultRate: 0,
      quiet: false,
    });
  });

  test.each([
    [['--fault-rate', '1.5']],
    [['--time-scale', '0']],
    [['--seed', '']],
    [['--app-port', '70000']],
    [['--seed', '0.5']],
    [['demo']],
  ])('%j are refused', (argv) => {
    expect(() => readArguments(argv)).toThrow(expect.objectContaining({ name: 'UsageError' }) as Error);
  });

  test('say which faults there shall be', () => {
    expect(readArguments(['--seed', '7', '--fault-rate', '.05', '--time-scale', '60'])).toMatchObject({
      seed: 7,
      faultRate: 0.05,
      timeScale: 60,
    });
  });
});

const SCENARIO = `
name: tiny
vro:
  plans:
    - name: SHOP
      groups: [{ name: All, vms: [{ name: shop-01, steps: [{ name: Start, seconds: 10 }] }] }]
`;

/** A file with this text, gone after the test. */
function file(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'muster-scenario-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'world.yaml');
  writeFileSync(path, text);
  return path;
}

describe('a scenario file', () => {
  test('is read', async () => {
    expect(await readScenarioFile(file(SCENARIO))).toMatchObject({ name: 'tiny' });
  });

  test.each([
    ['is not there', undefined, 'SCENARIO_UNREADABLE', /cannot be read \(ENOENT\)/],
    ['is not YAML', 'name: [', 'INVALID_SCENARIO', /world\.yaml:1:8: this is not YAML/],
    ['has unknown keys', `${SCENARIO}colour: red\n`, 'INVALID_SCENARIO', /Unrecognized key: "colour"/],
    ['lacks something', 'name: x\n', 'INVALID_SCENARIO', /at vro/],
    [
      'is wrong deep inside',
      SCENARIO.replace('10', '-1'),
      'INVALID_SCENARIO',
      /at vro\.plans\[0\]\.groups\[0\]/,
    ],
    ['is an alias bomb', bomb(), 'INVALID_SCENARIO', /too many aliases/],
  ])('that %s is explained', async (_title, text, code, reason) => {
    const path = text === undefined ? 'no/such/file.yaml' : file(text);
    await expect(readScenarioFile(path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason) as string,
    });
  });
});

/** Few lines that would become billions of values. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"x"' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(9).fill(inner).join(', ')}]`;
  });
  return `${levels.join('\n')}\n`;
}
