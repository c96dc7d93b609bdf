import type { JsonObject } from '../src/model/json.ts';
import type { LoopItem } from '../src/model/loop.ts';
import type { KeptLoop, KeptRecord, RunSnapshot } from '../src/model/run.ts';
import type { RunState } from './run-state.ts';
import { slimLoopRecord } from './run-state.ts';
import { keepDocument, loadDocuments } from './documents.ts';

/** Records of loops up to this many characters go with the snapshot; a loop of some ten items needs no document. */
const CARRIED_CHARACTERS = 32_000;
/** Records of other steps that go with it: some hundred. */
const CARRIED_ENDED_CHARACTERS = 128_000;
/** Of one document: far below the 2 MB where a payload ends. */
const DOCUMENT_CHARACTERS = 300_000;

/**
 * Puts the records of iterations at rest into documents, so that a snapshot stays small however long a list is. Those
 * that are in a document already as they are now stay there.
 */
export async function archiveIterations(state: RunState): Promise<void> {
  const resting = [...state.loops.all()].flatMap(({ block }) => {
    const { state: at, attempt } = state.record(block.path);
    const isResting = at === 'ended' || (at === 'pending' && attempt > 0);
    return isResting && !state.archived.has(block.path) ? [block] : [];
  });
  const parts = resting.map((block) => {
    const records = [...state.loops.walk([block])].map(({ path }) => slimLoopRecord(state.record(path)));
    return { path: block.path, records, size: JSON.stringify(records).length };
  });
  if (parts.reduce((sum, { size }) => sum + size, 0) <= CARRIED_CHARACTERS) return;
  for (const document of inDocuments(parts)) {
    const records = document.flatMap((part) => part.records);
    state.archives.push(await keepDocument({ records: records as unknown as JsonObject[] }));
    for (const { path } of document) state.archived.add(path);
  }
}

/** Puts the loops that have begun into a document when they are too many: a loop in a loop begins once for each item. */
export async function archiveLoops(state: RunState): Promise<void> {
  if (JSON.stringify(state.keptLoops).length <= CARRIED_CHARACTERS) return;
  const sized = state.keptLoops.map((loop) => ({ loop, size: JSON.stringify(loop).length }));
  for (const document of inDocuments(sized)) {
    const loops = document.map(({ loop }) => loop);
    state.loopDocuments.push(await keepDocument({ loops: loops as unknown as JsonObject[] }));
  }
  state.keptLoops.length = 0;
}

/**
 * Puts the records of steps outside of loops that have ended into documents when they are too many to go with a snapshot:
 * those of a run of thousands of steps pass the 2 MB where a payload ends. They are put there anew each time, since a
 * record may change after its step has ended (when it is taken back).
 */
export async function archiveEnded(state: RunState): Promise<void> {
  const ended = state
    .slimRecords()
    .filter((record) => record.state === 'ended' && state.loops.around(record.path) === undefined)
    .map((record) => ({ record, size: JSON.stringify(record).length }));
  if (ended.reduce((sum, { size }) => sum + size, 0) <= CARRIED_ENDED_CHARACTERS) return;
  for (const document of inDocuments(ended)) {
    const records = document.map(({ record }) => record);
    state.recordDocuments.push(await keepDocument({ records: records as unknown as JsonObject[] }));
    for (const { path } of records) state.documented.add(path);
  }
}

/** Parts as the documents they go into, in their order; the last part of a document may go beyond its size. */
function inDocuments<Part extends { readonly size: number }>(parts: readonly Part[]): Part[][] {
  const documents: Part[][] = [];
  let left = 0;
  for (const part of parts) {
    if (left <= 0) {
      documents.push([]);
      left = DOCUMENT_CHARACTERS;
    }
    documents.at(-1)?.push(part);
    left -= part.size;
  }
  return documents;
}

/** Loads what a snapshot names by digest: the records of iterations, the loops and their items. */
export async function loadArchive({
  archives = [],
  recordDocuments = [],
  loops: carried = [],
  loopDocuments = [],
}: RunSnapshot): Promise<{
  readonly archive: readonly KeptRecord[];
  readonly items: ReadonlyMap<string, readonly LoopItem[]>;
  readonly archivedLoops: readonly KeptLoop[];
}> {
  const archivedLoops = (await loadDocuments(loopDocuments)).flatMap(
    (document) => document['loops'] as unknown as KeptLoop[],
  );
  const loops = [...archivedLoops, ...carried];
  const lists = loops.flatMap((loop) => ('digest' in loop ? [loop.digest] : []));
  const kept = [...archives, ...recordDocuments];
  const documents = await loadDocuments([...kept, ...lists]);
  // What this run itself has kept, read by its digest.
  const archive = documents
    .slice(0, kept.length)
    .flatMap((document) => document['records'] as unknown as KeptRecord[]);
  const items = lists.map(
    (digest, index) =>
      [digest, documents[kept.length + index]?.['items'] as unknown as readonly LoopItem[]] as const,
  );
  return { archive, items: new Map(items), archivedLoops };
}
