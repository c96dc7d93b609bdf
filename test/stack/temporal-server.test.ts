import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { isRunning, sendSignal } from '../../src/stack/process-identity.ts';
import { startTemporalServer } from '../../src/stack/temporal-server.ts';
import type { ServerEnd, TemporalServerOptions } from '../../src/stack/temporal-server.ts';
import { errorOf, eventually, PROJECT_ROOT, tempFolder, writeProgram } from './helpers.ts';

async function optionsIn(folder: string): Promise<TemporalServerOptions> {
  return {
    cliPath: inject('temporalCliPath'),
    dbFile: join(folder, 'data', 'temporal.db'),
    logFile: join(folder, 'logs', 'temporal.log'),
    namespace: 'muster',
    searchAttributes: { MusterRunbook: 'Keyword' },
  };
}

async function connect(address: string): Promise<Connection> {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return connection;
}

describe('the Temporal server', () => {
  it('answers with its namespace, search attributes and UI, again after a restart, and leaves no process', async () => {
    const options = await optionsIn(await tempFolder());
    for (const start of ['first start', 'start on the same data']) {
      const server = await startTemporalServer(options);
      const connection = await connect(server.address);
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'muster' });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: 'muster',
      });
      const ui = await fetch(server.uiUrl);
      const found = {
        retention: config?.workflowExecutionRetentionTtl?.seconds?.toString(),
        attributes: Object.keys(customAttributes),
        ui: ui.status,
      };
      expect(found, start).toEqual({ retention: '2592000', attributes: ['MusterRunbook'], ui: 200 });
      await server.stop();
      expect(await isRunning(server.pid)).toBe(false);
    }
  });

  it('runs beside another one, on other ports', async () => {
    const options = await optionsIn(await tempFolder());
    const server = await startTemporalServer(options);
    onTestFinished(() => server.stop());
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(server.address).not.toBe(inject('temporalAddress'));
  });

  it('tells when it ends unasked, and can still be stopped', async () => {
    const options = await optionsIn(await tempFolder());
    const ends: ServerEnd[] = [];
    const server = await startTemporalServer({ ...options, onExit: (end) => ends.push(end) });
    sendSignal(server.pid, 'SIGKILL');
    await eventually(() => ends.length > 0);
    await server.stop();
    expect(ends).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it('does not start on a port that is taken', async () => {
    const options = await optionsIn(await tempFolder());
    const port = Number(inject('temporalAddress').split(':')[1]);
    expect(await errorOf(startTemporalServer({ ...options, port }))).toMatchObject({
      code: 'stack.portTaken',
    });
  });

  it('shows the last lines of its log when it does not start', async () => {
    const folder = await tempFolder();
    const cliPath = await writeProgram(join(folder, 'temporal'), 'echo "the disk is full" >&2; exit 3');
    const error = await errorOf(startTemporalServer({ ...(await optionsIn(folder)), cliPath }));
    expect(error).toMatchObject({ code: 'stack.temporalNotStarted' });
    expect(String(error)).toMatch(/exit code 3[^]*the disk is full/);
  });

  it('does not start without a program', async () => {
    const options = { ...(await optionsIn(await tempFolder())), cliPath: '/nowhere/temporal' };
    expect(await errorOf(startTemporalServer(options))).toMatchObject({ code: 'stack.temporalNotStarted' });
  });

  it('is ended when its start is cancelled', async () => {
    const folder = await tempFolder();
    const cliPath = await writeProgram(join(folder, 'temporal'), 'exec sleep 600');
    const cancelling = new AbortController();
    let pid = 0;
    const onSpawn = (spawned: number) => {
      pid = spawned;
      cancelling.abort();
    };
    const options = { ...(await optionsIn(folder)), cliPath, onSpawn, signal: cancelling.signal };
    expect(await errorOf(startTemporalServer(options))).toMatchObject({ code: 'stack.cancelled' });
    expect(await isRunning(pid)).toBe(false);
  });

  it('ends when its parent is ended', async () => {
    const folder = await tempFolder();
    const program = join(import.meta.dirname, 'fixtures', 'start-server.ts');
    const parent = spawn(process.execPath, ['--import', 'tsx', program, inject('temporalCliPath'), folder], {
      cwd: PROJECT_ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const gone = new Promise((resolve) => parent.once('exit', (_code, by) => resolve(by)));
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (line) => resolve(Number(line))),
    );
    parent.kill('SIGTERM');
    expect(await gone).toBe('SIGTERM');
    await eventually(async () => !(await isRunning(pid)));
  });
});
