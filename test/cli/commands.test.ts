import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MusterError } from '../../src/client/index.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { ended, done, RUN_ID, START } from './sample-run.ts';

async function runbookFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
  await writeFile(join(folder, 'dr-drill.yaml'), 'name: dr-drill\n');
  return folder;
}

test('the help lists every command and the exit codes', async () => {
  const { code, stdout } = await runMuster(['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /demo[^]+start[^]+validate[^]+run[^]+runs[^]+show[^]+watch[^]+vote[^]+decide[^]+cancel[^]+actions/,
  );
  expect(stdout).toMatch(/Exit codes:\n +0 {2}done[^]+ 3 {2}the run was left waiting at a gate/);
});

test('the help of a command has examples', async () => {
  const { stdout } = await runMuster(['vote', '--help']);
  expect(stdout).toContain('npx muster vote production-failover-20250131-k7m2qz go --approve --as NAME');
});

test('a mistyped command is bad input with a suggestion', async () => {
  const { code, stderr } = await runMuster(['vlidate']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean validate?');
});

test("commander's own errors are JSON when JSON is asked for", async () => {
  const { code, stdout, stderr } = await runMuster(['vote', '--json']);
  expect({ code, stderr, ...JSON.parse(stdout) }).toEqual({
    code: 2,
    stderr: '',
    error: { code: 'cli.usage', message: "missing required argument 'run'" },
  });
});

test('a run is started from a runbook that is named', async () => {
  const muster = fakeMuster();
  const folder = await runbookFolder();
  const args = ['run', 'dr-drill', '-i', 'plan=ERP', '-i', 'url=http://a/?b=c', '--as', 'anna'];
  const { code, stdout } = await runMuster(args, { muster, cwd: folder, runbookFolders: [folder] });
  expect(muster.calls[0]).toEqual([
    'start',
    {
      file: 'dr-drill.yaml',
      text: 'name: dr-drill\n',
      mode: 'drill',
      purpose: 'exercise',
      inputs: { plan: 'ERP', url: 'http://a/?b=c' },
      person: 'anna',
    },
  ]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `Started ${RUN_ID} (drill).\nWatch it: npx muster watch ${RUN_ID}\n`,
  });
});

test('a live run is planned unless it is said to be an incident', async () => {
  const muster = fakeMuster();
  const folder = await runbookFolder();
  await runMuster(['run', join(folder, 'dr-drill.yaml'), '--mode', 'live'], { muster, person: 'anna' });
  expect(muster.calls[0]?.[1]).toMatchObject({ mode: 'live', purpose: 'planned', person: 'anna' });
});

test('an unknown runbook is bad input with a suggestion', async () => {
  const { code, stderr } = await runMuster(['run', 'dr-dril', '--as', 'anna'], {
    runbookFolders: [await runbookFolder()],
  });
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean `dr-drill`?');
});

test('an input without a name is bad input', async () => {
  const { code, stderr } = await runMuster(['run', 'dr-drill', '-i', 'ERP', '--as', 'anna']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error `ERP` is no input. (cli.inputMalformed)\n  hint: Write -i name=value, one -i each.\n',
  });
});

test('acting without a person is bad input', async () => {
  const { code, stdout } = await runMuster(['cancel', RUN_ID, '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cli.personMissing' } });
});

test('a refused start shows its diagnostics', async () => {
  const muster = fakeMuster({
    start: async () => {
      throw new MusterError('run.refused', 'x.yaml cannot be started like this.', {
        diagnostics: [
          {
            code: 'INPUT_MISSING',
            severity: 'error',
            message: 'plan is missing',
            file: 'x.yaml',
            line: 3,
            column: 5,
          },
        ],
      });
    },
  });
  const folder = await runbookFolder();
  const { code, stderr } = await runMuster(['run', 'dr-drill', '--as', 'anna'], {
    muster,
    runbookFolders: [folder],
  });
  expect(code).toBe(2);
  expect(stderr).toContain('x.yaml:3:5  error INPUT_MISSING  plan is missing');
});

test('a bad runbook is reported with exit code 2 and all at once', async () => {
  const problem = { severity: 'error', message: 'bad', file: 'dr-drill.yaml', line: 1, column: 1 } as const;
  const muster = fakeMuster({
    validate: async () => ({
      ok: false,
      diagnostics: [
        { ...problem, code: 'REQUIRED' },
        { ...problem, code: 'SHAPE' },
      ],
    }),
  });
  const folder = await runbookFolder();
  const { code, stdout } = await runMuster(['validate', 'dr-drill'], { muster, runbookFolders: [folder] });
  expect(code).toBe(2);
  expect(stdout).toMatch(/REQUIRED[^]+SHAPE[^]+✗ .*dr-drill\.yaml cannot be run\./);
});

test('a folder or a device is no runbook', async () => {
  const { code, stderr } = await runMuster(['validate', '/dev/null']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error /dev/null: It is no regular file. (FILE_NOT_REGULAR)\n',
  });
});

test('a vote goes out with its comment and is confirmed', async () => {
  const muster = fakeMuster();
  const args = ['vote', RUN_ID, 'go', '--reject', '--comment', 'not now', '--as', 'bert'];
  const { code, stdout } = await runMuster(args, { muster });
  expect(muster.calls[0]).toEqual([
    'vote',
    { runId: RUN_ID, gate: 'go', decision: 'reject', person: 'bert', comment: 'not now' },
  ]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Counted: bert says reject at go.\n' });
});

test.each([[['--approve', '--reject']], [[]]])('a vote is one answer: %j', async (flags) => {
  const { code, stderr } = await runMuster(['vote', RUN_ID, 'go', ...flags, '--as', 'bert']);
  expect(code).toBe(2);
  expect(stderr).toContain('Give exactly one of --approve, --reject, --withdraw.');
});

test('a decision carries how VRO continues', async () => {
  const muster = fakeMuster();
  await runMuster(['decide', RUN_ID, 'failover', '--continue', 'retry-failed-step', '--as', 'bert'], {
    muster,
  });
  expect(muster.calls[0]?.[1]).toEqual({
    runId: RUN_ID,
    gate: 'failover',
    decision: 'continue',
    option: 'RetryFailedStep',
    person: 'bert',
  });
});

test('--keep-waiting is understood as printed at the gate', async () => {
  const muster = fakeMuster();
  await runMuster(['decide', RUN_ID, 'failover', '--keep-waiting'], { muster, person: 'bert' });
  expect(muster.calls[0]?.[1]).toMatchObject({ decision: 'keepWaiting' });
});

test('a refused vote is bad input and says why', async () => {
  const muster = fakeMuster({
    vote: async () => {
      throw new MusterError('vote.refused', 'The person holds no role that may answer here.', {
        hint: 'Kept.',
      });
    },
  });
  const { code, stdout } = await runMuster(['vote', RUN_ID, 'go', '--approve', '--as', 'x', '--json'], {
    muster,
  });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'vote.refused', message: 'The person holds no role that may answer here.', hint: 'Kept.' },
  });
});

test('an unknown run is bad input', async () => {
  const { code, stderr } = await runMuster(['show', 'nobody-knows']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error There is no such run. (run.notFound)\n  hint: List the runs.\n',
  });
});

test('a server that is away is exit code 4, with what to do', async () => {
  const away = new MusterError('temporal.unreachable', undefined, { hint: 'Start it with `npm start`.' });
  const muster = fakeMuster({ list: () => Promise.reject(away) });
  const { code, stderr } = await runMuster(['runs'], { muster });
  expect({ code, stderr }).toEqual({
    code: 4,
    stderr:
      'error The Temporal server cannot be reached. (temporal.unreachable)\n  hint: Start it with `npm start`.\n',
  });
});

test('an error of the stack is told by its code, without a trace', async () => {
  const failure = Object.assign(new Error('A stack already runs: process 7.'), {
    code: 'stack.alreadyRunning',
  });
  const { code, stderr } = await runMuster(['start'], {
    stack: {
      runStart: () => Promise.reject(failure),
      runWorker: () => Promise.reject(failure),
    },
  });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error A stack already runs: process 7. (stack.alreadyRunning)\n',
  });
});

test('runs are a table that names the gate', async () => {
  const muster = fakeMuster({
    list: async () => [
      {
        runId: RUN_ID,
        runbook: 'dr-drill',
        mode: 'drill',
        state: 'waiting',
        waiting: 'go',
        startedAt: START,
      },
    ],
  });
  expect((await runMuster(['runs'], { muster })).stdout).toBe(
    `RUN                       MODE   STATE          STARTED               TOOK
dr-drill-20250131-k7m2qz  drill  waiting at go  2025-01-31 03:00:00Z  1 m
`,
  );
});

test('what a run says cannot reach the terminal as control characters', async () => {
  const evil = ended('succeeded', [done('a', 0, 1, { title: 'x\u001b]0;y\u0007', reason: '\u009b2J' })]);
  const text = await runMuster(['show', RUN_ID], { muster: fakeMuster({ views: [evil] }) });
  const json = await runMuster(['show', RUN_ID, '--json'], { muster: fakeMuster({ views: [evil] }) });
  expect(text.stdout).not.toMatch(/[\u001b\u0007\u009b]/);
  expect(json.stdout).not.toMatch(/[\u001b\u0007\u009b]/);
  expect(JSON.parse(json.stdout)).toEqual(evil);
});

test('colours are written only where they are wanted', async () => {
  const views = [ended('succeeded', [done('a', 0, 1)])];
  const colourful = await runMuster(['show', RUN_ID], { muster: fakeMuster({ views }), colour: true });
  const plain = await runMuster(['show', RUN_ID], { muster: fakeMuster({ views }), isTTY: true });
  expect(colourful.stdout).toContain('\u001b[32msucceeded');
  expect(plain.stdout).not.toContain('\u001b');
});

test('commands at a gate lead to the same stack', async () => {
  let asked: unknown;
  await runMuster(['--data', '.muster/demo', 'runs'], {
    stack: {
      openMuster: async (options) => {
        asked = options;
        return fakeMuster();
      },
    },
  }).then(({ stdout }) => expect(stdout).toContain('npx muster --data .muster/demo run dr-drill --watch'));
  expect(asked).toEqual({ dataDir: '.muster/demo' });
});

test('what was opened is closed, also after an error', async () => {
  const muster = fakeMuster();
  await runMuster(['show', RUN_ID], { muster });
  expect(muster.calls.at(-1)).toEqual(['close', undefined]);
});

test('an action is shown with its inputs, outputs and legal states', async () => {
  const { stdout } = await runMuster(['actions', 'vro.failover']);
  expect(stdout).toMatch(/^vro\.failover {2}Fails a replica/);
  expect(stdout).toContain('Legal in:   default; the plan must be enabled (confidence C)');
  expect(stdout).toContain('  restorePoint?: latest | string (date-time) = latest');
  expect(stdout).toContain('    isCritical: boolean');
});

test('an unknown action is bad input with a suggestion', async () => {
  const { code, stderr } = await runMuster(['actions', 'vro.failovr']);
  expect(code).toBe(2);
  expect(stderr).toContain('Did you mean `vro.failover`?');
});

test('every command answers --json with one JSON value', async () => {
  const { stdout } = await runMuster(['actions', '--json']);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'tcp.check', effect: 'read' }));
});
