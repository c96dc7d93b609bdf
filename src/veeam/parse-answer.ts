import type { z } from 'zod';
import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { HttpAnswer } from './transport.ts';

/** How many wrong fields an error names. */
const MAX_NAMED_FIELDS = 5;

/** Reads and checks a 2xx answer: {@link jsonOf}, then `unwrap`, then {@link checkBody}. */
export function parseAnswer<T>(
  answer: HttpAnswer,
  schema: z.ZodType<T>,
  site: CallSite,
  unwrap: (body: unknown) => unknown = (body) => body,
): T {
  return checkBody(unwrap(jsonOf(answer, site)), schema, { site, status: answer.status });
}

/** The JSON of an answer. Throws veeam.contract (effect `unclear`: the server did accept the request). */
export function jsonOf(answer: HttpAnswer, site: CallSite): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    // Without the parser's own message: it quotes the text, which may hold tokens.
    const type = answer.header('content-type')?.split(';')[0]?.slice(0, 60) ?? 'no content type';
    const detail = answer.text === '' ? 'the body is empty' : `the body is not whole JSON (${type})`;
    throw new VeeamError('veeam.contract', site, { status: answer.status, effect: 'unclear', detail });
  }
}

/** Checks a body against its schema. Throws veeam.contract that names fields but never repeats their values. */
export function checkBody<T>(
  body: unknown,
  schema: z.ZodType<T>,
  { site, status }: { site: CallSite; status: number },
): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues
    .slice(0, MAX_NAMED_FIELDS)
    .map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
  throw new VeeamError('veeam.contract', site, { status, effect: 'unclear', detail: fields.join('; ') });
}
