import { dirname, join, relative, resolve } from 'node:path';
import { MusterError } from '../../client/index.ts';
import { readPublished, renderPublished } from '../../config/index.ts';
import { nameClashes } from '../../language/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { compileNamed, type NamedRunbook } from '../compiled-runbook.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { inert } from '../render/inert.ts';
import { publishedLines } from '../render/published.ts';
import { write } from '../write-file.ts';

/** As muster.yaml calls it by default. */
const LOCK = 'published.lock';

export const publish = command({
  name: 'publish',
  summary: 'Write down that runbooks are reviewed: with `published` in muster.yaml only these run live.',
  details:
    'Keeps the SHA-256 of what each runbook means, with the runbooks that it runs, in published.lock beside the files. ' +
    'Comments and formatting do not count. Commit the lock; its review is the review of the runbooks. With --check ' +
    'nothing is written, and the exit code is 2 when something is not published as it is.',
  args: { runbook: { says: 'files or names of runbooks', many: true } },
  options: {
    lock: { flags: '--lock <file>', says: 'the lock to write; default: published.lock beside the runbooks' },
    check: { flags: '--check', says: 'only look' },
  },
  examples: ['publish runbooks/*.yaml', 'publish production-failover --check'],
  async run({ args, options, context }) {
    const named: NamedRunbook[] = [];
    for (const one of args.runbook) named.push(await compileNamed(one, context));
    refuseClashes(named);
    const lock =
      options.lock === undefined ? besides(named, context.cwd) : resolve(context.cwd, options.lock);
    const before = await readPublished(lock);
    const after = new Map(before);
    for (const { runbook, digest } of named) after.set(runbook.name, digest);
    const changes = named.map(
      ({ runbook: { name }, digest }) =>
        ({
          name,
          digest,
          change: !before.has(name) ? 'new' : before.get(name) === digest ? 'none' : 'changed',
        }) as const,
    );
    const isSame = changes.every(({ change }) => change === 'none');
    if (!options.check && !isSame) await write(lock, renderPublished(after), false);
    const file = relative(context.cwd, lock);
    answer(context, {
      value: { lock: file, written: !options.check && !isSame, runbooks: changes },
      text: () => publishedLines(changes, { lock: inert(file), check: options.check }).join('\n'),
    });
    return options.check && !isSame ? EXIT.badInput : EXIT.ok;
  },
});

/** A lock has one digest for a name. @throws MusterError `run.refused` with diagnostics */
function refuseClashes(named: readonly NamedRunbook[]): void {
  const files = named.map(({ file, runbook: { name } }) => ({ file, name }));
  const diagnostics = nameClashes(files, { anywhere: true });
  if (diagnostics.length === 0) return;
  throw new MusterError('run.refused', 'These runbooks cannot be published together.', { diagnostics });
}

/** @throws CliError `cli.usage` when the files lie in several folders */
function besides(named: readonly NamedRunbook[], cwd: string): string {
  const folders = new Set(named.map(({ file }) => dirname(resolve(cwd, file))));
  const [folder = cwd] = folders;
  if (folders.size === 1) return join(folder, LOCK);
  throw new CliError('cli.usage', 'These runbooks lie in several folders.', {
    hint: 'Say which lock is meant: --lock runbooks/published.lock.',
  });
}
