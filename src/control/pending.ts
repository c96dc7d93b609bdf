import type { LoadedDataConverter } from '@temporalio/common';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { isJsonObject, type JsonObject } from '../model/json.ts';

/** An activity that runs now or will be tried again, by what its last heartbeat said. */
export interface PendingActivity {
  /** The step it works for. */
  readonly path: string;
  /** A short sentence for people. */
  readonly says: string;
  readonly percent?: number;
  readonly facts?: JsonObject;
  /** Temporal's attempt, from 1. */
  readonly attempt: number;
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string;
}

type RawActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** The pending activities of an execution that have sent a heartbeat in muster's form; others are left out. */
export async function pendingActivitiesOf(
  description: WorkflowExecutionDescription,
  converter: LoadedDataConverter,
): Promise<readonly PendingActivity[]> {
  const read = (description.raw.pendingActivities ?? []).map((activity) =>
    pendingActivity(activity, converter),
  );
  return (await Promise.all(read)).filter((activity) => activity !== undefined);
}

async function pendingActivity(
  { heartbeatDetails, attempt, lastFailure }: RawActivity,
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
): Promise<PendingActivity | undefined> {
  let payloads = heartbeatDetails?.payloads ?? [];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  const [payload] = payloads;
  const details: unknown = payload === undefined ? undefined : payloadConverter.fromPayload(payload);
  if (!isJsonObject(details)) return undefined;
  const { path, says, percent, facts } = details;
  // An activity that has begun and said nothing yet beats, too.
  if (typeof path !== 'string' || typeof says !== 'string' || says === '') return undefined;
  return {
    path,
    says,
    ...(typeof percent === 'number' && { percent }),
    ...(isJsonObject(facts) && { facts }),
    attempt: attempt ?? 1,
    ...(typeof lastFailure?.message === 'string' &&
      lastFailure.message !== '' && { lastFailure: lastFailure.message }),
  };
}
