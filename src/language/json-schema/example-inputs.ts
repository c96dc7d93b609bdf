import type { z } from 'zod';
import { specOf, type ActionName } from '../../catalog/index.ts';
import type { Json, JsonObject } from '../../model/json.ts';

const SOME_ID = '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001';

/** What an author could write for each input that some action needs. */
const BY_INPUT: Readonly<Record<string, Json>> = {
  plan: 'ERP',
  option: 'RetryFailedStep',
  name: 'srv1',
  replica: 'srv1',
  replicas: ['srv1', 'srv2'],
  switchover: 'auto',
  session: SOME_ID,
  sessions: [SOME_ID],
  backupIds: [SOME_ID],
  id: SOME_ID,
  validFor: '24h',
  target: '24h',
  alarms: [4_711],
  alarm: 4_711,
  comment: 'expected: the drill',
  url: 'https://erp.dr.example/health',
  host: 'erp-db.dr.example',
  port: 5_432,
  channel: 'ops',
  text: 'The drill has begun.',
};
/** What an action needs although its schema lets it be left out. */
const BY_ACTION: Readonly<Record<string, JsonObject>> = {
  'vro.clonePlan': { plan: 'ERP', name: 'ERP before the change' },
  'vro.schedulePlan': { plan: 'ERP', at: '2025-01-31T22:00:00Z' },
};

/** A `with` that the action takes: what must be given, and nothing else. */
export function exampleOf(action: ActionName): JsonObject {
  const known = BY_ACTION[action];
  if (known !== undefined) return known;
  const shape: Record<string, z.ZodType> = specOf(action).input.shape;
  const needed = Object.entries(shape).filter(([, schema]) => !schema.safeParse(undefined).success);
  return Object.fromEntries(needed.flatMap(([name]) => [[name, BY_INPUT[name] ?? name]]));
}
