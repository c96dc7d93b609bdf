#!/usr/bin/env node
/** The `muster` command. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT, runTypeScript } from '../tools/run-typescript.mjs';

if (existsSync(join(PROJECT_ROOT, 'node_modules', 'tsx'))) {
  await runTypeScript('src/cli/main.ts', process.argv.slice(2));
} else {
  process.stderr.write(
    `muster is not installed yet: its packages are missing in ${PROJECT_ROOT}.\n` +
      'Run `npm ci` there once; `npm run demo` and `npm start` do it by themselves.\n',
  );
  process.exitCode = 2;
}
