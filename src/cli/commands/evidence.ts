import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import {
  LedgerError,
  parseVerifierKey,
  renderVerdict,
  verifyBundle,
  type VerifierKey,
} from '../../ledger/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inert } from '../render/inert.ts';
import { write } from '../write-file.ts';

export const evidenceExport = command({
  name: 'evidence export',
  summary: 'Write what can be proven of an ended run into one file, which verifies offline.',
  details:
    'The file holds the runbook, the entries of the ledger with their proofs, the signed checkpoint, the votes with their ' +
    'ID tokens, and the history of the run. That it was exported is entered in the ledger.',
  args: { run: { says: 'id of a run that has ended' } },
  options: {
    as: AS,
    out: { flags: '-o, --out <file>', says: 'where to; default RUN.evidence.zip' },
  },
  examples: ['evidence export dr-drill-20250131-k7m2qz -o drill.zip'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    context.stderr.write('Gathering the evidence …\n');
    const bytes = await muster.evidence(args.run);
    const file = resolve(context.cwd, options.out ?? `${args.run}.evidence.zip`);
    await write(file, bytes, false);
    const shown = relative(context.cwd, file);
    const { key, origin } = await muster.ledger();
    answer(context, {
      value: { file: shown, bytes: bytes.byteLength, key, origin },
      text: () =>
        [
          `Written: ${inert(shown)} (${bytes.byteLength} bytes)`,
          'Whoever checks it needs the key of the ledger, from you and not from the file:',
          `  muster evidence verify ${inert(shown)} --key ${key}`,
        ].join('\n'),
    });
    return EXIT.ok;
  },
});

export const evidenceVerify = command({
  name: 'evidence verify',
  summary: 'Check the evidence of a run, offline: whole, signed, and possible by the rules of its runbook.',
  details:
    'It needs no server and no configuration. It stops at the first thing that is wrong and names it; otherwise it says ' +
    'what was checked, and what had to be trusted. docs/evidence.md shows how to do the same with standard tools.',
  args: { file: { says: 'a file of `muster evidence export`' } },
  options: {
    key: { flags: '--key <keys>', says: 'key of the ledger (name+hash+base64), several with commas between' },
    witness: { flags: '--witness <keys>', says: 'keys of witnesses; one of them has to have cosigned' },
    origin: { flags: '--origin <name>', says: 'name of the ledger; default that of the first key' },
  },
  examples: ['evidence verify drill.zip --key muster/ledger+1a2b3c4d+Aa0…'],
  async run({ args, options, context }) {
    const ledgerKeys = keysIn('--key', options.key);
    const [first] = ledgerKeys;
    if (first === undefined) {
      throw new CliError('cli.usage', 'The key of the ledger is missing.', {
        hint: 'Ask whoever runs muster for it (`muster ledger` shows it), another way than with the file.',
      });
    }
    const verdict = verifyBundle(await bytesOf(args.file, context), {
      origin: options.origin ?? first.name,
      ledgerKeys,
      witnessKeys: keysIn('--witness', options.witness),
    });
    answer(context, { value: verdict, text: () => renderVerdict(verdict).trimEnd() });
    return verdict.ok ? EXIT.ok : EXIT.badInput;
  },
});

/** Verifier keys with commas between. @throws CliError `cli.usage` */
export function keysIn(option: string, text = ''): readonly VerifierKey[] {
  return text
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key) => {
      try {
        return parseVerifierKey(key);
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        throw new CliError('cli.usage', `${option}: ${error.message}`);
      }
    });
}

/** @throws CliError `cli.fileUnreadable` */
export async function bytesOf(file: string, { cwd }: CliContext): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file));
  } catch {
    throw new CliError('cli.fileUnreadable', `${inert(file)} cannot be read.`, {
      hint: 'Does it exist, and may you read it?',
    });
  }
}
