/**
 * What every npm script goes through first: it sees to it that Node is new enough and that the packages of the lock
 * file are installed, then hands over. Plain Node without any package, since it runs before there are some.
 *
 *   node tools/setup.mjs test|bench|simulator|<command of muster> [arguments]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT, runTypeScript } from './run-typescript.mjs';

const OLDEST_NODE = [20, 19];

/** The hash of the lock file that the installed packages belong to. Inside, so that it goes when they go. */
const STAMP = join(PROJECT_ROOT, 'node_modules', '.muster-lock');

/** As shells tell it when Ctrl-C ended a program. */
const EXIT_INTERRUPTED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Soon enough for whoever starts the same again at once, on the same ports. */
const SHELL_LOOK_MS = 250;

/** How often plain output says that the installation goes on. */
const PLAIN_PROGRESS_MS = 15_000;

checkNode();
endWithShell();
await install();
const [word = 'demo', ...args] = process.argv.slice(2);
await handOver(word, args);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  process.stderr.write(
    `muster needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
      'Install a newer one from https://nodejs.org, or with your version manager, and try again.\n',
  );
  process.exit(2);
}

/**
 * npm runs a script in a shell. Told to end, npm tells the shell, which ends without telling the script: it would go on
 * with nobody left to stop it.
 */
function endWithShell() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, SHELL_LOOK_MS);
  timer.unref();
}

async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(PROJECT_ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === wanted) return;
  const started = Date.now();
  const stopProgress = showProgress('Installing packages', started);
  const { code, output, interrupted } = await npmCi();
  stopProgress();
  if (interrupted) process.exit(EXIT_INTERRUPTED);
  if (code !== 0) {
    process.stderr.write(`${output}\nInstalling the packages failed: npm says why above.\n`);
    process.exit(1);
  }
  writeFileSync(STAMP, `${wanted}\n`);
  process.stderr.write(`Packages installed in ${secondsSince(started)} s.\n`);
}

/** Runs `npm ci` with the npm that runs this script, quietly; its output matters only when it fails. */
function npmCi() {
  // Tools are needed as well, whatever NODE_ENV says.
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--progress=false'];
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /\.c?js$/.test(npm);
  const [command, args] = viaNode ? [process.execPath, [npm, ...flags]] : ['npm', flags];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !viaNode,
    });
    let output = '';
    let interrupted = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    // A half-done installation has no stamp and is done again next time; npm itself must not go on alone.
    const stop = (signal) => {
      interrupted = true;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const end = (code, extra = '') => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve({ code, output: output + extra, interrupted });
    };
    child.once('error', (error) => end(1, String(error)));
    child.once('close', (code) => end(code));
  });
}

/** One line that counts the seconds on a terminal; a line now and then elsewhere. */
function showProgress(what, started) {
  if (!process.stderr.isTTY) {
    process.stderr.write(`${what} …\n`);
    const tell = () => process.stderr.write(`${what} … ${secondsSince(started)} s\n`);
    const timer = setInterval(tell, PLAIN_PROGRESS_MS);
    return () => clearInterval(timer);
  }
  const draw = () => process.stderr.write(`\r\x1b[K${what} … ${secondsSince(started)} s`);
  draw();
  const timer = setInterval(draw, 1_000);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\x1b[K');
  };
}

function secondsSince(started) {
  return Math.round((Date.now() - started) / 1_000);
}

async function handOver(command, rest) {
  switch (command) {
    case 'test':
      process.argv = [process.execPath, join(PROJECT_ROOT, 'tools', 'check.mjs'), ...rest];
      await import('./check.mjs');
      return;
    case 'bench':
      await runTypeScript('bench/main.ts', rest);
      return;
    case 'trials':
      await runTypeScript('tools/trials.ts', rest);
      return;
    case 'simulator':
      await runTypeScript('tools/simulator.ts', rest);
      return;
    default:
      await runTypeScript('src/cli/main.ts', [command, ...rest]);
  }
}
