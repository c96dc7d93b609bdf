import { ledgerRules } from '../../src/cli/commands/ledger-verify.ts';
import {
  readZip,
  signCheckpoint,
  signedFiles,
  STATEMENT_FILE,
  verifyBundle,
  verifyLedger,
  writeZip,
  type LedgerCopy,
  type Problem,
  type SignerKey,
  type ZipEntry,
} from '../../src/ledger/index.ts';
import { leafHash, rootOf } from '../../src/merkle/index.ts';
import { canonicalJson } from '../../src/model/json.ts';
import { ledgerKey, witnessKey } from './evidence-keys.ts';
import { checkpointOver, VERIFY, type EvidenceBundle } from './evidence-run.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { newKey, ORIGIN } from './support.ts';

/** What a mutation did, and what became of it. */
export interface Trial {
  readonly seed: number;
  readonly what: string;
  /** Undefined: it was not found. */
  readonly problem: Problem | undefined;
}

/** How many entries stand between two checkpoints of the copy. */
const EVERY = 8;
const KNOWN = { ...VERIFY, witnessKeys: [witnessKey] };

/** Changes a bundle or a copy of a ledger in one way, and verifies it. The same seed does the same. */
export function tryMutation(seed: number, stock: EvidenceBundle): Trial {
  const random = randomFrom(seed);
  return random(2) === 0 ? tryBundle(seed, random, stock) : tryLedger(seed, random, stock);
}

function tryBundle(seed: number, random: Random, { bytes }: EvidenceBundle): Trial {
  const [what, change] = pick(random, BUNDLE_MUTATIONS);
  let changed = change(random, Buffer.from(bytes));
  // What happened to change nothing is done once more.
  while (Buffer.compare(changed, bytes) === 0) changed = change(random, Buffer.from(bytes));
  const verdict = verifyBundle(changed, KNOWN);
  return { seed, what: `bundle: ${what}`, problem: verdict.ok ? undefined : verdict.problem };
}

type BundleMutation = (random: Random, bytes: Buffer) => Uint8Array;
const BUNDLE_MUTATIONS: readonly (readonly [string, BundleMutation])[] = [
  ['a bit', (random, bytes) => withBit(random, bytes)],
  ['bytes cut out', (random, bytes) => cut(random, bytes)],
  ['bytes put in', (random, bytes) => inserted(random, bytes)],
  ['two parts swapped', (random, bytes) => swapped(random, bytes)],
  ['cut off', (random, bytes) => bytes.subarray(0, random(bytes.length))],
  ['a file changed', (random, bytes) => rezipped(bytes, (files) => changedFile(random, files))],
  [
    'a file left out',
    (random, bytes) => rezipped(bytes, (files) => files.toSpliced(random(files.length), 1)),
  ],
  [
    'a file put in',
    (random, bytes) =>
      rezipped(bytes, (files) => [
        ...files,
        { name: `outputs/${random(1e9)}.json`, content: Buffer.from('{}') },
      ]),
  ],
  ['two files swapped', (random, bytes) => rezipped(bytes, (files) => swappedFiles(random, files))],
  [
    'a file changed, and signed with another key',
    (random, bytes) => rezipped(bytes, (files) => resigned(changedFile(random, files), newKey(ORIGIN))),
  ],
  [
    'a line of entries changed, and signed with the same key',
    (random, bytes) => rezipped(bytes, (files) => resigned(changedEntry(random, files), ledgerKey)),
  ],
  [
    'forked: another checkpoint of the same key, without the witness',
    (_, bytes) => rezipped(bytes, (files) => resigned(unwitnessed(files), ledgerKey)),
  ],
];

function tryLedger(seed: number, random: Random, { ledger }: EvidenceBundle): Trial {
  const texts = ledger.map(({ text }) => text);
  const witnessed = checkpointsOver(texts, ledgerKey).at(-1) ?? '';
  const [what, change] = pick(random, LEDGER_MUTATIONS);
  // As the command verifies a file.
  const rules = ledgerRules({ ...KNOWN, witnessed, isFile: true, allowUnsigned: false });
  const verdict = verifyLedger(change(random, texts), rules);
  return { seed, what: `ledger: ${what}`, problem: verdict.ok ? undefined : verdict.problem };
}

type LedgerMutation = (random: Random, texts: readonly string[]) => LedgerCopy;
const LEDGER_MUTATIONS: readonly (readonly [string, LedgerMutation])[] = [
  [
    'a bit of an entry',
    (random, texts) =>
      copyOf(
        replaced(random, texts, (text) => String(withBit(random, Buffer.from(text)))),
        texts,
      ),
  ],
  [
    'a field of an entry',
    (random, texts) =>
      copyOf(
        replaced(random, texts, (text) => withField(random, text)),
        texts,
      ),
  ],
  ['an entry cut out', (random, texts) => copyOf(texts.toSpliced(random(texts.length), 1), texts)],
  [
    'an entry put in',
    (random, texts) => copyOf(texts.toSpliced(random(texts.length + 1), 0, newEntry(random)), texts),
  ],
  [
    'an entry twice',
    (random, texts) => copyOf(texts.toSpliced(random(texts.length), 0, texts[0] ?? ''), texts),
  ],
  ['two entries swapped', (random, texts) => copyOf(swappedTexts(random, texts), texts)],
  ['the end cut off', (random, texts) => copyOf(texts.slice(0, random(texts.length)), texts)],
  [
    'a position changed',
    (random, texts) => {
      const copy = copyOf(texts, texts);
      const at = random(texts.length);
      const entries = [...copy.entries].map((one) =>
        one.position === at ? { ...one, position: at + 1 } : one,
      );
      return { ...copy, entries };
    },
  ],
  [
    'a bit of a checkpoint',
    (random, texts) => {
      const copy = copyOf(texts, texts);
      const at = random(copy.checkpoints.length);
      const checkpoints = copy.checkpoints.map((note, index) =>
        index === at ? String(withBit(random, Buffer.from(note))) : note,
      );
      return { ...copy, checkpoints };
    },
  ],
  [
    'forked, with the same key, against the witness',
    (random, texts) => {
      const forked = replaced(random, texts, (text) => withField(random, text));
      return copyOf(forked, forked);
    },
  ],
  [
    'all written anew, with another key',
    (random, texts) => {
      const anew = replaced(random, texts, (text) => withField(random, text));
      return { entries: placed(anew), checkpoints: checkpointsOver(anew, newKey(ORIGIN)) };
    },
  ],
  [
    'set back to an earlier checkpoint, against the witness',
    (random, texts) => {
      const earlier = texts.slice(0, EVERY * (1 + random(Math.floor((texts.length - 1) / EVERY))));
      return copyOf(earlier, earlier);
    },
  ],
];

/** A copy of the ledger with these entries, and checkpoints over what was there before. */
function copyOf(texts: readonly string[], signed: readonly string[]): LedgerCopy {
  return { entries: placed(texts), checkpoints: checkpointsOver(signed, ledgerKey) };
}

function placed(texts: readonly string[]): { readonly position: number; readonly text: string }[] {
  return texts.map((text, position) => ({ position, text }));
}

/** One for every so many entries, and one for all. */
function checkpointsOver(texts: readonly string[], key: SignerKey): readonly string[] {
  const leaves = texts.map((text) => leafHash(text));
  const sizes = Array.from({ length: Math.floor((leaves.length - 1) / EVERY) }, (_, at) => (at + 1) * EVERY);
  return [...sizes, leaves.length].map((size) => checkpointOver(leaves.slice(0, size), key));
}

function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error('there is nothing to pick');
  return value;
}

function withBit(random: Random, bytes: Buffer): Buffer {
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  return bytes;
}

function cut(random: Random, bytes: Buffer): Buffer {
  const from = random(bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random(64))]);
}

function inserted(random: Random, bytes: Buffer): Buffer {
  const at = random(bytes.length + 1);
  const more = Buffer.from(Array.from({ length: 1 + random(32) }, () => random(256)));
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

function swapped(random: Random, bytes: Buffer): Buffer {
  const length = 1 + random(32);
  const one = random(Math.floor(bytes.length / 2) - length);
  const other = Math.floor(bytes.length / 2) + random(Math.floor(bytes.length / 2) - length);
  const kept = Buffer.from(bytes.subarray(one, one + length));
  bytes.copy(bytes, one, other, other + length);
  kept.copy(bytes, other);
  return bytes;
}

/** The same zip with other files, in good form. */
function rezipped(
  bytes: Uint8Array,
  change: (files: readonly ZipEntry[]) => readonly ZipEntry[],
): Uint8Array {
  return writeZip(change(readZip(bytes)));
}

function changedFile(random: Random, files: readonly ZipEntry[]): readonly ZipEntry[] {
  const at = random(files.length);
  return files.map(({ name, content }, index) => ({
    name,
    content: index === at ? withBit(random, Buffer.from(content)) : content,
  }));
}

function changedEntry(random: Random, files: readonly ZipEntry[]): readonly ZipEntry[] {
  return files.map(({ name, content }) =>
    name === 'entries.jsonl' ? { name, content: withBit(random, Buffer.from(content)) } : { name, content },
  );
}

function swappedFiles(random: Random, files: readonly ZipEntry[]): readonly ZipEntry[] {
  const [one, other] = [random(files.length), random(files.length)];
  return files.map(({ name, content }, at) => ({
    name,
    content: (at === one ? files[other]?.content : at === other ? files[one]?.content : content) ?? content,
  }));
}

/** A statement over whatever the files are now. When nobody could sign that, the files as they are. */
function resigned(files: readonly ZipEntry[], key: SignerKey): readonly ZipEntry[] {
  try {
    return signedFiles(
      files.filter(({ name }) => name !== STATEMENT_FILE),
      [key],
    );
  } catch {
    return files;
  }
}

function unwitnessed(files: readonly ZipEntry[]): readonly ZipEntry[] {
  const root = rootOf([leafHash('another ledger')]);
  const note = signCheckpoint({ origin: ORIGIN, size: 1, root, extensions: [] }, [ledgerKey]);
  return files.map((file) =>
    file.name === 'checkpoint.txt' ? { ...file, content: Buffer.from(note) } : file,
  );
}

function replaced(
  random: Random,
  texts: readonly string[],
  change: (text: string) => string,
): readonly string[] {
  const at = random(texts.length);
  return texts.map((text, index) => (index === at ? change(text) : text));
}

/** One field of an entry says something else, in good form. */
function withField(random: Random, text: string): string {
  const entry = JSON.parse(text) as Record<string, unknown>;
  const fields = Object.keys(entry).filter((field) => field !== 'v' && field !== 'kind');
  const field = pick(random, fields);
  const value = entry[field];
  const other =
    typeof value === 'number' ? value + 1 + random(1_000) : typeof value === 'string' ? otherText(value) : [];
  return canonicalJson({ ...entry, [field]: canonicalJson(other) === canonicalJson(value) ? ['x'] : other });
}

/** Another digest where it is one. */
function otherText(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex').reverse().toString('hex') : `${text}x`;
}

function newEntry(random: Random): string {
  const id = String(random(1e9));
  return canonicalJson({ v: 1, kind: 'freeze.lifted', key: `freeze/${id}/lifted`, at: 0, id, actor: 'eve' });
}

function swappedTexts(random: Random, texts: readonly string[]): readonly string[] {
  const one = random(texts.length);
  const other = (one + 1 + random(texts.length - 1)) % texts.length;
  return texts.map((text, at) => (at === one ? texts[other] : at === other ? texts[one] : text) ?? text);
}
