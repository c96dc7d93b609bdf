import type { CompiledRunbook } from '../src/model/runbook.ts';
import type { Deps } from './deps.ts';
import { StepError } from './step-error.ts';

/** The digest names the text, so what was read once never changes. */
const KEPT = 50;

type Kept = { readonly stores: Pick<Deps['stores'], 'contents'> };
const kept = new WeakMap<Kept['stores'], Map<string, CompiledRunbook>>();

/** The compiled runbook of a digest. @throws StoreError, StepError `step.internal` for another schema version */
export async function loadRunbook({ stores }: Kept, digest: string): Promise<CompiledRunbook> {
  const known = kept.get(stores) ?? new Map<string, CompiledRunbook>();
  kept.set(stores, known);
  const before = known.get(digest);
  if (before !== undefined) return before;
  // What the store holds under this digest was made by our compiler: content addressing is the parse.
  const runbook = JSON.parse(await stores.contents.get(digest)) as CompiledRunbook;
  if ((runbook.schemaVersion as number) !== 1) {
    throw new StepError(
      'step.internal',
      `The runbook was compiled for another version of muster (${String(runbook.schemaVersion)}).`,
    );
  }
  const [oldest] = known.keys();
  if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
  known.set(digest, runbook);
  return runbook;
}
