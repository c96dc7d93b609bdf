import type { z } from 'zod';
import { canonicalJson, type Json } from '../../model/json.ts';
import { EVIDENCE_TYPE, STATEMENT_FILE } from '../bundle.ts';
import { fromJson, fromUtf8 } from '../bytes.ts';
import { sha256 } from '../digest.ts';
import { openEnvelope, type OpenedEnvelope } from '../dsse.ts';
import type { VerifierKey } from '../keys.ts';
import { parseStatement, type Statement } from '../statement.ts';
import type { ZipEntry } from '../zip.ts';
import { atFile } from './problem.ts';

/** The files of a bundle. Which of them were asked for is remembered: what nobody asks for does not belong there. */
export class BundleFiles {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #asked = new Set<string>([STATEMENT_FILE]);

  constructor(entries: readonly ZipEntry[]) {
    this.#files = new Map(entries.map(({ name, content }) => [name, content]));
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** The bytes of a file, or undefined. */
  find(name: string): Uint8Array | undefined {
    this.#asked.add(name);
    return this.#files.get(name);
  }

  /** The bytes of a file, without asking for it. */
  peek(name: string): Uint8Array {
    return this.#files.get(name) ?? Buffer.alloc(0);
  }

  /** @throws EvidenceProblem `evidence.fileMissing` */
  bytes(name: string): Uint8Array {
    const found = this.find(name);
    if (found === undefined) throw atFile('evidence.fileMissing', name, `${name} is not there.`);
    return found;
  }

  /** @throws EvidenceProblem `evidence.fileMissing`, `evidence.badFile` */
  text(name: string): string {
    const text = fromUtf8(this.bytes(name));
    if (text === undefined) throw atFile('evidence.badFile', name, `${name} is no UTF-8.`);
    return text;
  }

  /** A JSON file in its one form. @throws EvidenceProblem `evidence.fileMissing`, `evidence.badFile` */
  json<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> {
    const text = this.text(name);
    const value = fromJson(text);
    const isCanonical = value !== undefined && parsed(() => canonicalJson(value)) === text;
    if (!isCanonical) throw atFile('evidence.badFile', name, `${name} is no canonical JSON.`);
    const read = parsed(() => schema.safeParse(value));
    if (read?.success === true) return read.data;
    const [issue] = read?.error.issues ?? [];
    throw atFile(
      'evidence.badFile',
      name,
      `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'nested too deeply'}.`,
    );
  }

  /** A file that an entry names by its digest. @throws EvidenceProblem `evidence.fileMissing`, `evidence.fileChanged` */
  named(name: string, digest: string): Uint8Array {
    const bytes = this.bytes(name);
    if (sha256(bytes) !== digest) {
      throw atFile('evidence.fileChanged', name, `${name} has not the digest that its entry names.`);
    }
    return bytes;
  }

  /** @throws EvidenceProblem `evidence.fileExtra` when there is a file that nobody has asked for */
  assertNothingElse(): void {
    const extra = this.names.find((name) => !this.#asked.has(name));
    if (extra !== undefined) throw atFile('evidence.fileExtra', extra, `${extra} belongs to nothing.`);
  }
}

/** What is made of a value; undefined when the value nests so deeply that nobody can walk it. */
export function parsed<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A statement whose signatures and digests hold. */
export interface OpenedStatement {
  readonly statement: Statement;
  readonly envelope: OpenedEnvelope;
}

/**
 * Checks the statement, and that the files are those it names: each of them, and no other.
 *
 * @throws LedgerError about the statement; EvidenceProblem `evidence.statement`, `evidence.fileMissing`,
 *   `evidence.fileExtra`, `evidence.fileChanged`
 */
export function openStatement(files: BundleFiles, keys: readonly VerifierKey[]): OpenedStatement {
  const envelope = openEnvelope(files.bytes(STATEMENT_FILE), keys);
  const statement = parseStatement(envelope.payload);
  if (statement.predicateType !== EVIDENCE_TYPE) {
    throw atFile('evidence.statement', STATEMENT_FILE, 'It is no statement about the evidence of a run.');
  }
  const signed = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const [name, digest] of signed) {
    if (!files.names.includes(name)) throw atFile('evidence.fileMissing', name, `${name} is not there.`);
    if (sha256(files.peek(name)) !== digest) {
      throw atFile('evidence.fileChanged', name, `${name} has not the digest that was signed.`);
    }
  }
  const extra = files.names.find((name) => name !== STATEMENT_FILE && !signed.has(name));
  if (extra !== undefined) throw atFile('evidence.fileExtra', extra, `${extra} was not signed.`);
  return { statement, envelope };
}

/** Whether the statement says of the bundle what is in it. @throws EvidenceProblem `evidence.statement` */
export function assertPredicate(
  { statement }: OpenedStatement,
  holds: { readonly [field: string]: Json },
): void {
  if (canonicalJson(statement.predicate) === canonicalJson(holds)) return;
  const wrong = [...new Set([...Object.keys(holds), ...Object.keys(statement.predicate)])].find(
    (field) => canonicalJson(statement.predicate[field]) !== canonicalJson(holds[field]),
  );
  throw atFile('evidence.statement', STATEMENT_FILE, `Its field ${String(wrong)} says something else.`);
}
