import { z } from 'zod';
import { canonicalJson, type JsonObject } from '../model/json.ts';
import { fromJson, fromUtf8 } from './bytes.ts';
import { LedgerError } from './ledger-error.ts';

/** The type of every in-toto statement of version 1. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** One thing that a statement speaks of: a name within the bundle, and what it holds. */
export interface Subject {
  readonly name: string;
  /** 64 lowercase hex digits. */
  readonly digest: { readonly sha256: string };
}

/** An in-toto statement: `predicate` is said about the subjects, and `predicateType` says how to read it. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

const statementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      }),
    )
    .min(1),
  predicateType: z.url(),
  predicate: z.record(z.string(), z.json()),
});

/**
 * The bytes of a statement, ready to be signed: canonical JSON, subjects sorted by name.
 *
 * @throws LedgerError `ledger.badStatement` when it has no subject, the same name twice, or a digest that is none
 */
export function statementBytes({ subject, predicateType, predicate }: Omit<Statement, '_type'>): Uint8Array {
  const sorted = [...subject].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const bytes = Buffer.from(
    canonicalJson({ _type: STATEMENT_TYPE, subject: sorted, predicateType, predicate }),
    'utf8',
  );
  parseStatement(bytes);
  return bytes;
}

/**
 * Reads a statement in the one form that {@link statementBytes} writes.
 *
 * @throws LedgerError `ledger.badStatement`
 */
export function parseStatement(bytes: Uint8Array): Statement {
  const statement = read(bytes);
  const names = statement.subject.map(({ name }) => name);
  names.forEach((name, at) => {
    const before = names[at - 1];
    if (before !== undefined && before >= name) {
      throw bad(`Its subjects are not sorted, or ${JSON.stringify(name)} stands twice.`);
    }
  });
  return statement;
}

function read(bytes: Uint8Array): Statement {
  const text = fromUtf8(bytes) ?? '';
  try {
    const statement = statementSchema.parse(fromJson(text));
    if (canonicalJson(statement) === text) return statement;
  } catch (cause) {
    // Also when it nests so deeply that nobody can walk it.
    throw bad('Its fields are not those of a statement.', cause);
  }
  throw bad('It is not written in the one form.');
}

function bad(detail: string, cause?: unknown): LedgerError {
  return new LedgerError('ledger.badStatement', 'statement', { detail, cause });
}
