import type { StepRecord } from '../../model/run.ts';

/** A line of the outline of a run: a step, or the name of a part of the runbook. */
export type OutlineItem =
  { readonly step: StepRecord; readonly depth: number } | { readonly part: string; readonly depth: 0 };

const PARTS: Readonly<Record<string, string>> = { cleanup: 'Cleanup', always: 'Always' };

/** The steps with their depth below each other, and headings where cleanup and always begin. */
export function outlineOf(steps: readonly StepRecord[]): OutlineItem[] {
  const paths = new Set(steps.map(({ path }) => path));
  const items: OutlineItem[] = [];
  let lastPart: string | undefined;
  for (const step of steps) {
    const [top = '', ...rest] = step.path.split('/');
    // A step may be called cleanup, too; then the heading is the step.
    const part = rest.length > 0 && !paths.has(top) ? PARTS[top] : undefined;
    if (part !== undefined && part !== lastPart) items.push({ part, depth: 0 });
    lastPart = part;
    items.push({ step, depth: rest.length });
  }
  return items;
}

/** Whether a step does something itself; blocks and branches only hold others. */
export function isLeaf({ kind }: Pick<StepRecord, 'kind'>): boolean {
  return kind !== 'steps' && kind !== 'parallel' && kind !== 'forEach';
}
