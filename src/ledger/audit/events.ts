import { isJsonObject, textOf, type JsonObject } from '../../model/json.ts';
import { fromJson } from '../bytes.ts';
import type { EvidenceHistory } from '../bundle/run-evidence.ts';

/** One event of a history, of which nothing is believed but its form. */
export interface HistoryEvent {
  readonly executionId: string;
  readonly id: number;
  /** Without the prefix that all of them have, such as `ACTIVITY_TASK_SCHEDULED`. */
  readonly type: string;
  /** What belongs to the type. */
  readonly facts: JsonObject;
  /** When it happened, in milliseconds since 1970; 0 when it does not say. */
  readonly at: number;
}

const PREFIX = 'EVENT_TYPE_';

/** The events of an execution, in their order. */
export function eventsOf({ executionId, history }: EvidenceHistory): readonly HistoryEvent[] {
  const { events } = history;
  if (!Array.isArray(events)) return [];
  return events.filter(isJsonObject).map((event) => ({
    executionId,
    id: Number(event['eventId']),
    at: Date.parse(textOf(event['eventTime']) ?? '') || 0,
    type: (textOf(event['eventType']) ?? '').replace(PREFIX, ''),
    facts:
      Object.entries(event).flatMap(([name, value]) =>
        name.endsWith('EventAttributes') && isJsonObject(value) ? [value] : [],
      )[0] ?? {},
  }));
}

/** The object at a name; an empty one when there is none. */
export function within(facts: JsonObject, name: string): JsonObject {
  const value = facts[name];
  return isJsonObject(value) ? value : {};
}

/** The name of a type, as activities, workflows and such have it. */
export function typeName(facts: JsonObject, field: string): string {
  return textOf(within(facts, field)['name']) ?? '';
}

/**
 * What the first payload says that stands at a name: an input, a result, the arguments of a signal.
 *
 * @returns undefined when it is no JSON that can be read
 */
export function payloadAt(facts: JsonObject, name: string): unknown {
  const { payloads } = within(facts, name);
  const first: unknown = Array.isArray(payloads) ? payloads[0] : undefined;
  if (!isJsonObject(first) || typeof first['data'] !== 'string') return undefined;
  return fromJson(Buffer.from(first['data'], 'base64').toString('utf8'));
}

/** Text of a stranger: without what a terminal obeys, and short. */
export function printable(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '').slice(0, MAX_SHOWN);
}

/** Of what somebody else wrote. */
const MAX_SHOWN = 120;
