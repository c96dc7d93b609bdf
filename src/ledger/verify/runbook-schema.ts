import { z } from 'zod';
import type { CompiledRunbook, Step } from '../../model/runbook.ts';
import { rule } from './documents.ts';

/**
 * The parts of a compiled runbook that a verification reads. Its digest names it, so the rest is as muster has compiled it; but
 * a digest proves no shape, and whoever signs may write nonsense.
 */

const text = z.string();
const base = { id: text, path: text.min(1), title: text };
const facts = z.looseObject({
  effect: z.enum(['read', 'command', 'watch', 'notify']),
  impact: z.enum(['none', 'isolated', 'production']),
  undo: z.enum(['none', 'clean', 'discardsChanges']),
});
const uses = { ...base, kind: z.literal('uses'), uses: text, action: facts };

const step: z.ZodType = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.looseObject({ ...uses, rollback: z.looseObject(uses).exactOptional() }),
    z.looseObject({
      ...base,
      kind: z.literal('approval'),
      covers: z.array(text),
      rules: z.array(rule),
      exclude: z.array(z.enum(['starter', 'author', 'previous-approver'])),
      comment: z.literal('required').exactOptional(),
    }),
    z.looseObject({
      ...base,
      kind: z.literal('manual'),
      by: z.array(text),
      answers: z.record(text, z.enum(['succeeded', 'warned', 'failed'])),
    }),
    z.looseObject({ ...base, kind: z.enum(['wait', 'check', 'runbook']) }),
    z.looseObject({ ...base, kind: z.enum(['steps', 'forEach']), steps: z.array(step) }),
    z.looseObject({ ...base, kind: z.literal('parallel'), branches: z.array(step) }),
  ]),
);
const steps = z.array(step).transform((list) => list as readonly Step[]);

export const compiledRunbook = z
  .looseObject({
    schemaVersion: z.literal(1),
    name: text,
    authors: z.array(text).exactOptional(),
    steps,
    cleanup: steps,
    always: steps,
    decisions: z.record(text, rule).exactOptional(),
  })
  .transform((read) => read as unknown as CompiledRunbook);
