import { specOf } from '../../catalog/index.ts';
import { ExpressionError } from '../../model/expression.ts';
import { templateReferences } from '../../model/template.ts';
import type { Reporter } from '../diagnostics.ts';
import type { ApprovalDraft } from '../shape/draft.ts';
import type { Text } from '../shape/values.ts';
import { didYouMean } from '../../model/suggest.ts';
import { scalarsIn, type Node } from '../yaml/tree.ts';
import type { Expressions } from './expressions.ts';
import { isBefore, loopsAround, type Place } from './places.ts';

/** The kinds of target whose commands can touch production. */
const COVERED_KINDS: readonly unknown[] = ['plan', 'replica', 'session'];

interface Context {
  readonly byId: ReadonlyMap<string, Place>;
  readonly expressions: Expressions;
  readonly report: Reporter;
}

/**
 * Checks that an approval covers commands that wait for it, and that what they will do is known when it opens: people
 * say yes to values, not to expressions.
 */
export function checkCovers({ covers }: ApprovalDraft, approval: Place, context: Context): void {
  const { byId, report } = context;
  for (const { text: id, node } of covers) {
    const covered = byId.get(id);
    if (covered === undefined) {
      report.add('UNKNOWN_REFERENCE', node, `There is no step \`${id}\`.`, () => didYouMean(id, byId.keys()));
      continue;
    }
    const { body } = covered.step;
    if (body.kind === 'broken' || (body.kind === 'uses' && body.action === undefined)) continue;
    if (body.kind !== 'uses' || body.action === undefined || specOf(body.action).effect !== 'command') {
      const hint = 'children' in body ? 'Name the commands in it.' : undefined;
      report.add('COVER_KIND', node, `\`${id}\` is no command: it needs no approval.`, hint);
    } else if (!COVERED_KINDS.includes(specOf(body.action).target?.kind)) {
      const message = `\`${id}\` acts on no plan and no replica; approvals cover commands on those.`;
      report.add('COVER_KIND', node, message, 'Let the step stand behind the approval; it needs no cover.');
    } else if (!isBefore(approval, covered)) {
      const hint = 'An approval stands before the commands it covers.';
      report.add('COVER_ORDER', node, `\`${id}\` does not wait for this approval.`, hint);
    } else if (!isWithinLoopsOf(approval, covered)) {
      const hint = 'Put the approval before the loop, or both into it.';
      const message = `This approval is given for one item of a loop, and \`${id}\` stands outside of it.`;
      report.add('COVER_ORDER', node, message, hint);
    } else {
      const shared = new Set(loopsAround(approval));
      const ahead = loopsAround(covered).filter((loop) => !shared.has(loop));
      const items = ahead.map((loop) => loop.step.body.items?.node);
      const nodes = [body.withNode, ...items].filter((one) => one !== undefined);
      for (const given of nodes) checkResolved(given, { id, node, approval }, context);
    }
  }
}

/** Whether whatever item the approval stands for, the covered step stands for the same. */
function isWithinLoopsOf(approval: Place, covered: Place): boolean {
  const loops = new Set(loopsAround(covered));
  return loopsAround(approval).every((loop) => loops.has(loop));
}

/** Everything a covered step is given must be known when the approval opens. */
function checkResolved(
  withNode: Node,
  { id, node, approval }: { id: string; node: Text['node']; approval: Place },
  { byId, report }: Context,
): void {
  for (const scalar of scalarsIn(withNode)) {
    if (typeof scalar.value !== 'string') continue;
    for (const name of stepsIn(scalar.value)) {
      const step = byId.get(name);
      if (step === undefined || isBefore(step, approval)) continue;
      const message = `What \`${id}\` will do is not known when this approval opens: it depends on \`${name}\`.`;
      report.add('COVER_UNRESOLVED', node, message, `Move the approval behind \`${name}\`.`);
    }
  }
}

/** The ids of the steps that a text refers to; what cannot be read has been reported where it stands. */
function stepsIn(text: string): string[] {
  try {
    return templateReferences(text).flatMap(({ path: [root, id] }) =>
      root === 'steps' && id !== undefined ? [id] : [],
    );
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
