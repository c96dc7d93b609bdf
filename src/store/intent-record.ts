import { z } from 'zod';
import { StoreError } from './store-error.ts';

/** What the files of the intent store look like: read with suspicion, since people can reach them too. */
const shared = {
  action: z.string(),
  connection: z.string(),
  target: z.string(),
  baseline: z.record(z.string(), z.json()),
};

export const intentRecord = z.strictObject({
  ...shared,
  run: z.string(),
  path: z.string(),
  attempt: z.int(),
  requestDigest: z.string(),
  sendBefore: z.number(),
  epoch: z.int().positive(),
  recordedAt: z.number(),
});

export const resultRecord = z.strictObject({
  how: z.enum(['done', 'adopted', 'notDone', 'unclear']),
  at: z.number(),
  detail: z.string().exactOptional(),
});

export const targetRecord = z.strictObject({ ...shared, run: z.string(), recordedAt: z.number() });

/**
 * Reads the text of a file as `schema` says.
 *
 * @throws StoreError `store.corrupt`, naming the file
 */
export function parseRecord<Schema extends z.ZodType>(
  path: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StoreError('store.corrupt', path, { detail: 'It is no JSON.', cause });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new StoreError('store.corrupt', path, {
    detail: 'It has another shape than was written.',
    cause: read.error,
  });
}
