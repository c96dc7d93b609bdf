import { relative, resolve } from 'node:path';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { inert } from '../render/inert.ts';
import type { BackupReport } from '../stack-door.ts';

const FILE = { says: 'the file of the backup' };

export const backup = command({
  name: 'backup',
  summary: 'Write everything in the database to one file, as it is at one moment.',
  details:
    'Of the database of DATABASE_URL, or of the one in the data folder, whether a stack runs on it or not; a stack that ' +
    'runs works on meanwhile. A file of this name is replaced when the new one is whole. Keys, issued secrets and ' +
    "Temporal's own data are not in it: see docs/store.md.",
  args: { file: FILE },
  options: {},
  examples: ['backup muster-2026-03-01.backup', '--data /srv/muster backup /mnt/backup/muster.backup'],
  run: ({ args, context }) =>
    report(context, 'Written', (stack) => stack.runBackup(optionsOf(context, args.file))),
});

export const restore = command({
  name: 'restore',
  summary: 'Put a backup into an empty database, all of it or nothing.',
  details:
    'Into the database of DATABASE_URL, or into the one in the data folder, which is made if there is none; no stack may ' +
    'run on the folder. A database that holds anything is left as it is.',
  args: { file: FILE },
  options: {},
  examples: ['restore muster-2026-03-01.backup', '--data /srv/new-muster restore /mnt/backup/muster.backup'],
  run: ({ args, context }) =>
    report(context, 'Restored', (stack) => stack.runRestore(optionsOf(context, args.file))),
});

function optionsOf({ options, cwd, stderr }: CliContext, file: string) {
  return {
    ...options,
    file: resolve(cwd, file),
    onProgress: (line: string) => void stderr.write(`${line}\n`),
  };
}

async function report(
  context: CliContext,
  word: string,
  work: (stack: CliContext['stack']) => Promise<BackupReport>,
): Promise<ExitCode> {
  const done = await work(context.stack);
  const { rows, tables, database, file } = done;
  const filled = Object.values(tables).filter((count) => count > 0).length;
  answer(context, {
    value: done,
    text: () =>
      `${word}: ${rows} rows of ${filled} tables, ${inert(relative(context.cwd, file) || file)}, database ${inert(database)}`,
  });
  return EXIT.ok;
}
