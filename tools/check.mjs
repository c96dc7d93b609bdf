/**
 * `npm test`: types, lint, format and the test suite, each with its time; all of them, even when one fails. Arguments
 * go to vitest (`npm test -- test/stack`). The last line is `N passed, N failed`: tests and the three checks together.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from './run-typescript.mjs';

const CHECKS = {
  types: ['typescript/bin/tsc', '--noEmit'],
  lint: ['eslint/bin/eslint.js', '.', '--max-warnings=0'],
  format: ['prettier/bin/prettier.cjs', '--check', '.'],
};

const running = new Set();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    // Ctrl-C in a terminal reaches the children by itself, and vitest takes a second one as "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill(signal);
  });
}

const reports = mkdtempSync(join(tmpdir(), 'muster-check-'));
try {
  // Lint takes as long as the other two together: two processes, which even a small machine has the cores for.
  const [lint, [types, format]] = await Promise.all([check('lint'), inTurn(['types', 'format'])]);
  const checks = [types, lint, format];
  const tests = await testSuite(process.argv.slice(2).filter((word) => word !== '--'));
  const failedChecks = checks.filter((ok) => !ok).length;
  const passed = checks.length - failedChecks + tests.passed;
  const failed = failedChecks + tests.failed;
  if (tests.passed + tests.failed === 0) say('No test ran: that is a failure, too.');
  process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
  say(`${passed} passed, ${failed} failed`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}

async function inTurn(names) {
  const results = [];
  for (const name of names) results.push(await check(name));
  return results;
}

/** Runs one of the checks; its output is shown when it fails. */
async function check(name) {
  if (interrupted) return false;
  const [program, ...args] = CHECKS[name];
  const started = Date.now();
  const { code, output } = await run(program, args, { show: false });
  if (code !== 0 && output.trim() !== '') say(output.trimEnd());
  sayResult(name, code === 0, started);
  return code === 0;
}

/** Runs vitest, shown as it goes, and reads the counts from its report. */
async function testSuite(args) {
  if (interrupted) return { passed: 0, failed: 0 };
  const started = Date.now();
  const report = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run('vitest/vitest.mjs', ['run', ...reporters, ...args], { show: true });
  const { passed, failed } = countsOf(report);
  // A suite that does not load, an error outside any test, a broken set-up: no failed test, and yet not well.
  const unaccounted = code !== 0 && failed === 0 ? 1 : 0;
  sayResult('tests', code === 0 && passed > 0, started);
  return { passed, failed: failed + unaccounted };
}

function countsOf(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** Runs a program of node_modules with this Node. */
function run(program, args, { show }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'node_modules', program), ...args], {
      cwd: PROJECT_ROOT,
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    const end = (code, extra = '') => {
      running.delete(child);
      resolve({ code, output: output + extra });
    };
    child.once('error', (error) => end(1, String(error)));
    child.once('close', (code) => end(code));
  });
}

function sayResult(name, ok, started) {
  const seconds = ((Date.now() - started) / 1_000).toFixed(1).padStart(6);
  say(`${ok ? 'pass' : 'FAIL'}  ${name.padEnd(8)} ${seconds} s`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
