import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { EngineActivities } from '../activities/contract.ts';
import type { JsonObject } from '../src/model/json.ts';
import { ENGINE, LOCAL_LOAD } from './activity-options.ts';

/** What a snapshot or a record may hold of one thing; larger ones are kept by their digest. */
export const INLINE_CHARACTERS = 2_048;
/** How many outputs one answer brings: each has up to 64 KB, and a payload ends at 2 MB. */
const OUTPUTS_PER_LOAD = 16;

/** Loads documents within a workflow task. */
export const local = proxyLocalActivities<EngineActivities>(LOCAL_LOAD);
const remote = proxyActivities<EngineActivities>(ENGINE);

/** Loads a few small outputs within the workflow task, many in activities of their own: one task is bounded as well. */
export async function loadOutputs(digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
  if (digests.length === 0) return new Map();
  const chunks = Array.from({ length: Math.ceil(digests.length / OUTPUTS_PER_LOAD) }, (_, index) =>
    digests.slice(index * OUTPUTS_PER_LOAD, (index + 1) * OUTPUTS_PER_LOAD),
  );
  const activities = chunks.length === 1 ? local : remote;
  const loaded = await Promise.all(
    chunks.map((chunk) => activities['muster.loadOutputs']({ digests: chunk })),
  );
  const outputs = loaded.flat();
  return new Map(digests.map((digest, index) => [digest, outputs[index] ?? {}]));
}

/** Loads documents of up to 300 KB, in the order given. */
export async function loadDocuments(digests: readonly string[]): Promise<readonly JsonObject[]> {
  const loaded = await Promise.all(
    digests.map((digest) => remote['muster.loadOutputs']({ digests: [digest] })),
  );
  return loaded.flat();
}

/** Keeps a document durably. @returns the digest it is loaded by */
export function keepDocument(document: JsonObject): Promise<string> {
  return local['muster.keep']({ document });
}
