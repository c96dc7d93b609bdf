import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import type { Stage } from './open-stage.ts';

/** What the ledger has of a run, in its order. */
export async function entriesOf(
  { client, data }: Pick<Stage, 'client' | 'data'>,
  runId: string,
): Promise<readonly LedgerEntry[]> {
  const { raw } = await client.workflow.getHandle(runId).describe();
  const entries = await data.stores.ledger.ofRun(raw.workflowExecutionInfo?.firstRunId ?? '');
  return entries.map(({ text }) => JSON.parse(text) as LedgerEntry);
}
