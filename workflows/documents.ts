import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { EngineActivities } from '../activities/contract.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { CompiledRunbook } from '../src/model/runbook.ts';
import { failureOf, isPassing } from './failure.ts';
import { ENGINE, LOCAL_LOAD, LOCAL_RECORD, RECORD } from './activity-options.ts';
import type { TaskHold } from './task-hold.ts';

/** What a snapshot or a record may hold of one thing; larger ones are kept by their digest. */
export const INLINE_CHARACTERS = 2_048;
/** How many outputs one answer brings: each has up to 64 KB, and a payload ends at 2 MB. */
const OUTPUTS_PER_LOAD = 16;

const local = proxyLocalActivities<EngineActivities>(LOCAL_LOAD);
const remote = proxyActivities<EngineActivities>(ENGINE);
const inTask = proxyLocalActivities<EngineActivities>(LOCAL_RECORD);
const once = proxyActivities<EngineActivities>(RECORD);

/**
 * Asks the store within the workflow task; while it is away, by an activity of its own: a task that waited for it would keep
 * its worker from stopping.
 */
async function soon<Result>(ask: (activities: typeof local) => Promise<Result>): Promise<Result> {
  try {
    return await ask(local);
  } catch (error) {
    if (!isPassing(error)) throw error;
    return ask(remote);
  }
}

/** Loads a compiled runbook. */
export function loadRunbook(digest: string): Promise<CompiledRunbook> {
  return soon((activities) => activities['muster.loadRunbook']({ digest }));
}

/** Loads a few small outputs within the workflow task, many in activities of their own: one task is bounded as well. */
export async function loadOutputs(digests: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
  if (digests.length === 0) return new Map();
  const chunks = Array.from({ length: Math.ceil(digests.length / OUTPUTS_PER_LOAD) }, (_, index) =>
    digests.slice(index * OUTPUTS_PER_LOAD, (index + 1) * OUTPUTS_PER_LOAD),
  );
  const load =
    (chunk: readonly string[]) =>
    (activities: typeof local): Promise<readonly JsonObject[]> =>
      activities['muster.loadOutputs']({ digests: chunk });
  const loaded = await Promise.all(
    chunks.map((chunk) => (chunks.length === 1 ? soon(load(chunk)) : load(chunk)(remote))),
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
  return soon((activities) => activities['muster.keep']({ document }));
}

/** How a run enters notes in the ledger. */
export interface Telling {
  readonly hold: TaskHold;
  readonly whoWaits: 'run' | 'nobody';
  /** False for a run from before: it enters them within the workflow task where it waits for it and does nothing else. */
  readonly byActivity: boolean;
  /** Told why it has to be tried again. */
  readonly troubled: (why: string) => void;
}

/**
 * Enters notes in the ledger, for as long as it takes. By an activity, whose input is in the history: what a worker had done
 * that died before the history knew of it is done again, and may end otherwise.
 */
export async function recordNotes(
  input: Parameters<EngineActivities['muster.record']>[0],
  { hold, whoWaits, byActivity, troubled }: Telling,
): Promise<void> {
  const meanwhile = (work: () => Promise<void>): Promise<void> =>
    whoWaits === 'run' ? hold.acrossTasks(work) : work();
  try {
    if (!byActivity && whoWaits === 'run' && hold.isIdle()) {
      await hold.inTask(() => inTask['muster.record'](input));
    } else {
      await meanwhile(() => once['muster.record'](input));
    }
  } catch (error) {
    const { code, message } = failureOf(error);
    const why = code === 'step.timeout' ? 'it was not done in time.' : message;
    troubled(`The ledger cannot be written, and until it can, nothing is sent: ${why}`);
    await meanwhile(() => remote['muster.record'](input));
  }
}
