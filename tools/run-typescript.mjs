import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the project. */
export const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Goes on in this very process with a TypeScript program of the project, as `node --import tsx <program> …args` would:
 * one process less between the terminal and the stack, so that signals and the exit code need no handing on.
 */
export async function runTypeScript(program, args) {
  const path = join(PROJECT_ROOT, program);
  process.argv = [process.execPath, path, ...args];
  // What forks of this process inherit.
  process.execArgv.push('--import', 'tsx');
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(path).href);
}
