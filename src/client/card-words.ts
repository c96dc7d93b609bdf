import { isActionName, specOf } from '../catalog/index.ts';
import { explainRunbook, type ExplainedStep } from '../language/index.ts';
import { writtenPath } from '../model/approval.ts';
import type { CompiledRunbook, Mode } from '../model/runbook.ts';
import { StoreError, type ContentStore } from '../store/index.ts';

/** What a command does, and what of it stays, as sentences. */
export function saysOf(action: string): { readonly says: string[]; readonly cannotUndo: string[] } {
  if (!isActionName(action)) return { says: [action], cannotUndo: [] };
  const { summary, impact, undo, irreversible } = specOf(action) as {
    summary: string;
    impact: string;
    undo: string;
    irreversible?: true;
  };
  const cannotUndo =
    irreversible === true
      ? ['it CANNOT be undone.']
      : undo === 'none'
        ? ['muster cannot take it back.']
        : undo === 'discardsChanges'
          ? ['it can be undone, but what was written meanwhile is lost then.']
          : [];
  return {
    says: [summary, ...(impact === 'production' ? ['PRODUCTION: it changes a production system.'] : [])],
    cannotUndo,
  };
}

/** A step of a runbook in plain words, and the runbook's title. Nothing when the runbook cannot be read now. */
export async function sentencesFor(
  contents: ContentStore,
  { digest, path, mode }: { readonly digest: string; readonly path: string; readonly mode: Mode },
): Promise<{ readonly says: readonly string[]; readonly title?: string }> {
  try {
    // What the store holds under this digest was made by our compiler.
    const runbook = JSON.parse(await contents.get(digest)) as CompiledRunbook;
    const { parts } = explainRunbook(runbook, { mode });
    const written = writtenPath(runbook, path);
    const step = everyStep(parts.flatMap(({ steps }) => steps)).find((one) => one.path === written);
    return { says: step?.says ?? [], title: runbook.title };
  } catch (error) {
    if (error instanceof StoreError) return { says: [] };
    throw error;
  }
}

function everyStep(steps: readonly ExplainedStep[]): ExplainedStep[] {
  return steps.flatMap((step) => [step, ...everyStep(step.children)]);
}
