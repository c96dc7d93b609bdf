import { readFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { text as textIn } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { inert, inertValue } from '../render/inert.ts';
import { noteLines } from '../render/written-notes.ts';
import { write } from '../write-file.ts';

export const note = command({
  name: 'note',
  summary: 'Write a note about a run, at any time, also after its end.',
  details:
    'A note is never changed. It stands in the report and in the evidence of the run; the ledger has its SHA-256. A file ' +
    'may have 10 MB, those of one run 100 MB together.',
  args: {
    run: { says: 'id of a run' },
    text: { says: 'what is to be noted; - reads it from stdin', optional: true },
  },
  options: { attach: { flags: '--attach <file>', says: 'a file that goes with it' }, as: AS },
  examples: [
    'note dr-drill-20250131-k7m2qz "The web tier came up only after a restart of IIS." --as NAME',
    'note dr-drill-20250131-k7m2qz "What the console showed" --attach console.png --as NAME',
    'note list dr-drill-20250131-k7m2qz',
  ],
  async run({ args, options, context }) {
    const text = args.text === '-' ? await textIn(context.stdin) : args.text;
    if (text === undefined || text.trim() === '') {
      throw new CliError('cli.usage', 'The note says nothing.', {
        hint: 'For example: muster note RUN "what you saw", or - to read it from stdin.',
      });
    }
    const attachment = options.attach === undefined ? undefined : await attached(options.attach, context);
    const { muster } = await musterAs(options.as, context);
    const kept = await muster.notes.add({
      runId: args.run,
      text,
      ...(attachment !== undefined && { attachment }),
    });
    answer(context, { value: kept, text: () => noteLines([kept]).join('\n') });
    return EXIT.ok;
  },
});

export const noteList = command({
  name: 'note list',
  summary: 'Show the notes about a run, oldest first.',
  args: { run: { says: 'id of a run' } },
  options: { as: AS },
  examples: ['note list dr-drill-20250131-k7m2qz'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    const list = await muster.notes.list(args.run);
    answer(context, {
      value: list,
      text: () => (list.length === 0 ? 'Nobody has written a note.' : noteLines(list).join('\n')),
    });
    return EXIT.ok;
  },
});

export const noteFile = command({
  name: 'note file',
  summary: 'Get the file that goes with a note.',
  args: { run: { says: 'id of a run' }, id: { says: 'id of the note' } },
  options: { as: AS, out: { flags: '-o, --out <file>', says: 'where to; it is never written over another' } },
  examples: ['note file dr-drill-20250131-k7m2qz nt-1a2b3c4d-5e6f -o console.png'],
  async run({ args, options, context }) {
    if (options.out === undefined) {
      throw new CliError('cli.usage', '--out is missing.', { hint: 'Say where the file is to be written.' });
    }
    const muster = await context.muster(options.as);
    const bytes = await muster.notes.file({ runId: args.run, id: args.id });
    const file = resolve(context.cwd, options.out);
    await write(file, bytes, true);
    const shown = relative(context.cwd, file);
    answer(context, {
      value: inertValue({ file: shown, bytes: bytes.byteLength }),
      text: () => `Written: ${inert(shown)}`,
    });
    return EXIT.ok;
  },
});

/** @throws CliError `cli.fileUnreadable` */
async function attached(file: string, { cwd }: Pick<CliContext, 'cwd'>) {
  try {
    return { name: basename(file), bytes: await readFile(resolve(cwd, file)) };
  } catch {
    throw new CliError('cli.fileUnreadable', `${inert(file)} cannot be read.`, {
      hint: 'Does it exist, and may you read it?',
    });
  }
}
