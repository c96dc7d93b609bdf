import type { Json, JsonObject } from '../../model/json.ts';
import { digestOf } from '../digest.ts';

/** What is taken out of a history: every field of this name, wherever it stands. */
export interface RedactionRule {
  readonly name: string;
  readonly field: string;
  /** For whoever finds something taken out. */
  readonly why: string;
}

/** What says something about our machines and nothing about the run. */
export const HISTORY_REDACTIONS: readonly RedactionRule[] = [
  {
    name: 'process',
    field: 'identity',
    why: 'It names a process and a machine of whoever runs muster.',
  },
  {
    name: 'stack',
    field: 'stackTrace',
    why: 'It names files on a machine of whoever runs muster.',
  },
];

/** One thing that was taken out: where (JSON pointer), by which rule, and the SHA-256 of its canonical JSON. */
export interface Redaction {
  readonly path: string;
  readonly rule: string;
  readonly sha256: string;
}

/** Stands in place of what was taken out. */
interface Redacted {
  readonly redacted: string;
}

/** A document without what the rules take out, and the list of what that was, in the order of the document. */
export function redact(
  document: JsonObject,
  rules: readonly RedactionRule[],
): { readonly document: Json; readonly redactions: readonly Redaction[] } {
  const byField = new Map(rules.map((rule) => [rule.field, rule]));
  const redactions: Redaction[] = [];
  const walk = (value: Json, path: string): Json => {
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map((one, at) => walk(one, `${path}/${at}`));
    const fields = Object.keys(value).sort(byCodeUnit);
    return Object.fromEntries(
      fields.map((field) => {
        const place = `${path}/${pointerPart(field)}`;
        const rule = byField.get(field);
        const inside = value[field] ?? null;
        if (rule === undefined) return [field, walk(inside, place)];
        const sha256 = digestOf(inside);
        redactions.push({ path: place, rule: rule.name, sha256 });
        return [field, { redacted: sha256 } satisfies Redacted];
      }),
    );
  };
  return { document: walk(document, ''), redactions };
}

/**
 * Looks whether a document and the list of what was taken out of it belong together: everything that a rule takes out is taken
 * out and listed, and nothing else is.
 *
 * @returns the first place where they do not
 */
export function redactionProblem(
  document: Json,
  {
    rules,
    redactions,
  }: { readonly rules: readonly RedactionRule[]; readonly redactions: readonly Redaction[] },
): string | undefined {
  const byField = new Map(rules.map((rule) => [rule.field, rule]));
  const listed = new Map(redactions.map((one) => [one.path, one]));
  if (listed.size !== redactions.length) return redactions[0]?.path;
  const walk = (value: Json, path: string): string | undefined => {
    if (value === null || typeof value !== 'object') return undefined;
    const fields: readonly (readonly [string, Json])[] = isList(value)
      ? value.map((one, at) => [String(at), one] as const)
      : Object.entries(value);
    for (const [field, inside] of fields) {
      const place = `${path}/${pointerPart(field)}`;
      const rule = isList(value) ? undefined : byField.get(field);
      if (rule === undefined) {
        const problem = walk(inside, place);
        if (problem !== undefined) return problem;
        continue;
      }
      const one = listed.get(place);
      if (one?.rule !== rule.name || !isRedacted(inside) || inside.redacted !== one.sha256) return place;
      listed.delete(place);
    }
    return undefined;
  };
  return walk(document, '') ?? [...listed.keys()][0];
}

function isRedacted(value: Json): value is { readonly redacted: string } {
  if (value === null || typeof value !== 'object' || isList(value)) return false;
  return Object.keys(value).length === 1 && typeof value['redacted'] === 'string';
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** RFC 6901. */
function pointerPart(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}
