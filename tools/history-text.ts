/** What Temporal writes into a history about the machine and process that did something, and what stands there instead. */
const REPLACED: Readonly<Record<string, string>> = { identity: 'worker' };
/** What a replay does not need; a stack trace is full of paths. */
const LEFT_OUT = new Set(['stackTrace', 'binaryChecksum', 'workerVersion', 'meteringMetadata']);
/** The queue that a worker invents for itself bears its host's name. */
const OWN_QUEUE = 'worker-own';

/**
 * The text of a history (JSON, as Temporal's tools write it) without anything of the place it was recorded at.
 *
 * @param places words that must not be left, payloads included
 * @throws Error when one is left all the same
 */
export function withoutPlace(history: string, places: readonly string[]): string {
  const clean = JSON.stringify(cleaned(JSON.parse(history)));
  const readable = `${clean} ${payloadTexts(JSON.parse(clean)).join(' ')}`;
  const left = places.find((place) => readable.includes(place));
  if (left !== undefined) throw new Error(`The history still says "${left}".`);
  return clean;
}

/** The texts of all payloads in a history. */
export function payloadTexts(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
    key === 'data' && typeof field === 'string'
      ? [Buffer.from(field, 'base64').toString('utf8')]
      : payloadTexts(field),
  );
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value as Readonly<Record<string, unknown>>);
  const isOwnQueue = fields.some(([key, field]) => key === 'kind' && field === 'TASK_QUEUE_KIND_STICKY');
  return Object.fromEntries(
    fields
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, field]) => [
        key,
        isOwnQueue && key === 'name' ? OWN_QUEUE : (REPLACED[key] ?? cleaned(field)),
      ]),
  );
}
