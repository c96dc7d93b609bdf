import { relative, resolve } from 'node:path';
import { copyLedger, type LedgerSource } from '../../client/index.ts';
import {
  keyLabel,
  ledgerLines,
  ledgerTrust,
  parseCheckpointText,
  parseLedgerFile,
  parseNote,
  renderLedgerVerdict,
  verifyLedger,
  type ExportedLedger,
  type LedgerAsked,
  type VerifierKey,
  type VerifyLedgerOptions,
} from '../../ledger/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { inert } from '../render/inert.ts';
import { write } from '../write-file.ts';
import { bytesOf, keysIn } from './evidence.ts';

/** Whoever waits longer wants to know for what. */
const TELL_EVERY_MS = 2_000;

const DATABASE = {
  flags: '--database <url>',
  says: 'read it in this PostgreSQL (postgres://…), and ask no server',
} as const;

const ONLY_STRICT =
  'Nothing else is wrong. Give the missing keys, or a copy that ends with a checkpoint; --allow-unsigned only tells of it.';

/** By which rules a ledger is believed here: a file is whole and signed to its end, and one that goes on need not be. */
export function ledgerRules({
  isFile,
  allowUnsigned,
  ...believed
}: Pick<VerifyLedgerOptions, 'origin' | 'ledgerKeys' | 'witnessed'> & {
  readonly witnessKeys: readonly VerifierKey[];
  readonly isFile: boolean;
  readonly allowUnsigned: boolean;
}): VerifyLedgerOptions {
  return {
    ...believed,
    mustBeWitnessed: believed.witnessKeys.length > 0,
    strict: isFile && !allowUnsigned,
  };
}

export const ledgerVerify = command({
  name: 'ledger verify',
  summary: 'Check the whole ledger: every entry, every signature, nothing missing, nothing twice.',
  details:
    'Of the running muster (this needs the role auditor or operator for all runbooks), of a database, or offline of a file ' +
    'of `muster ledger export`. All hashes are made anew here. It names the first entry where something is wrong; otherwise ' +
    'it says what was checked, and what had to be trusted. A ledger that goes on has entries of the last minute that nobody has ' +
    'signed yet, which it tells of; in a file they are refused, and so are signatures of keys that were not given.',
  args: { file: { says: 'a file of `muster ledger export`', optional: true } },
  options: {
    as: AS,
    key: { flags: '--key <keys>', says: 'key of the ledger (name+hash+base64), several with commas between' },
    witness: {
      flags: '--witness <keys>',
      says: 'keys of witnesses; one of them has to have cosigned a checkpoint',
    },
    witnessed: { flags: '--witnessed <file>', says: 'the newest checkpoint as the witness itself keeps it' },
    database: DATABASE,
    origin: { flags: '--origin <name>', says: 'name of the ledger; default that of the first key' },
    allowUnsigned: {
      flags: '--allow-unsigned',
      says: 'of a file: only tell of entries at its end that nobody has signed, and of signatures of unknown keys',
    },
  },
  examples: [
    'ledger verify --key muster/ledger+1a2b3c4d+Aa0…',
    'ledger verify ledger.jsonl --key muster/ledger+1a2b3c4d+Aa0…',
  ],
  async run({ args, options, context }) {
    const given = keysIn('--key', options.key);
    const witnessKeys = keysIn('--witness', options.witness);
    const witnessed = options.witnessed === undefined ? undefined : await bytesOf(options.witnessed, context);
    const { place, copy } = await whole({ file: args.file, ...options }, context);
    const keys = given.length > 0 ? given : keysIn('--key', copy.key);
    const [first] = keys;
    if (first === undefined) {
      throw new CliError('cli.usage', 'The key of the ledger is missing.', {
        hint: 'Ask whoever runs muster for it (`muster ledger` shows it), and give it with --key.',
      });
    }
    const origin = options.origin ?? first.name;
    const rules = ledgerRules({
      origin,
      ledgerKeys: keys,
      witnessKeys,
      ...(witnessed !== undefined && { witnessed: Buffer.from(witnessed).toString('utf8') }),
      isFile: args.file !== undefined,
      allowUnsigned: options.allowUnsigned,
    });
    const verdict = verifyLedger(copy, rules);
    const asked: LedgerAsked = {
      place,
      origin,
      keys: keys.map(keyLabel),
      areGiven: given.length > 0,
      hasWitnessed: witnessed !== undefined,
    };
    const value = verdict.ok ? { ...verdict, trusted: ledgerTrust(verdict, asked) } : verdict;
    answer(context, {
      value,
      text: () => {
        const text = renderLedgerVerdict(verdict, asked);
        const isOnlyStrict =
          !verdict.ok && rules.strict === true && verifyLedger(copy, { ...rules, strict: false }).ok;
        return isOnlyStrict ? `${text}\n${ONLY_STRICT}` : text;
      },
    });
    return verdict.ok ? EXIT.ok : EXIT.badInput;
  },
});

export const ledgerExport = command({
  name: 'ledger export',
  summary:
    'Write the whole ledger into one file, with its checkpoints, for somebody who verifies it offline.',
  details:
    'Entries hold names, times, codes and digests of all runs: give the file to whom you would give all of their reports.',
  args: {},
  options: {
    as: AS,
    out: { flags: '-o, --out <file>', says: 'where to', default: 'ledger.jsonl' },
    database: DATABASE,
  },
  examples: ['ledger export -o ledger-2026-11.jsonl'],
  async run({ options, context }) {
    const { copy, younger } = sealedPart((await whole(options, context)).copy);
    const file = resolve(context.cwd, options.out);
    await write(file, Buffer.from([...ledgerLines(copy)].join(''), 'utf8'), false);
    const shown = relative(context.cwd, file);
    const [entries, checkpoints] = [copy.entries.length, copy.checkpoints.length];
    answer(context, {
      value: { file: shown, entries, checkpoints, younger },
      text: () =>
        [
          `Written: ${inert(shown)} (${entries} entries, ${checkpoints} checkpoints)`,
          ...(younger > 0
            ? [`Left out: ${younger} entries since the last checkpoint; they are in the next export.`]
            : []),
          'Whoever checks it needs the key of the ledger, from you and not from the file:',
          `  muster ledger verify ${inert(shown)} --key ${copy.key === '' ? 'KEY' : inert(copy.key)}`,
        ].join('\n'),
    });
    return EXIT.ok;
  },
});

/** What is signed: whoever reads it elsewhere can do nothing with the rest. */
function sealedPart(copy: ExportedLedger): { readonly copy: ExportedLedger; readonly younger: number } {
  const { entries, checkpoints } = copy;
  const last = checkpoints.at(-1);
  const sealed = last === undefined ? 0 : parseCheckpointText(parseNote(last).text).size;
  // A pruning is named by its entry: that has to be there, signed already or not.
  const isPruned = entries
    .slice(sealed)
    .some((row) => 'text' in row && row.text.includes('"kind":"pruning"'));
  if (sealed === 0 || isPruned) return { copy, younger: 0 };
  const within = entries.slice(0, sealed);
  return { copy: { ...copy, entries: within }, younger: entries.length - within.length };
}

interface Where {
  readonly file?: string | undefined;
  readonly database?: string | undefined;
  readonly as?: string | undefined;
}

/** @throws CliError `cli.usage`, `cli.fileUnreadable`; LedgerError `ledger.badCopy`; whatever reading throws */
async function whole(
  { file, database, as }: Where,
  context: CliContext,
): Promise<{ readonly place: string; readonly copy: ExportedLedger }> {
  if (file !== undefined && database !== undefined) {
    throw new CliError('cli.usage', 'Give a file or a database, not both.');
  }
  if (file !== undefined) {
    return { place: `file ${file}`, copy: parseLedgerFile(await bytesOf(file, context)) };
  }
  if (database === undefined) {
    return { place: 'of the running muster', copy: await copied(await context.muster(as), context) };
  }
  const source = await context.stack.openLedger(database);
  try {
    return { place: `database ${source.place}`, copy: await copied(source, context) };
  } finally {
    await source.close();
  }
}

function copied(source: LedgerSource, { now, stderr }: CliContext): Promise<ExportedLedger> {
  let told = now();
  return copyLedger(source, (read, size) => {
    if (now() - told < TELL_EVERY_MS) return;
    told = now();
    stderr.write(`Read ${read} of ${size} entries …\n`);
  });
}
