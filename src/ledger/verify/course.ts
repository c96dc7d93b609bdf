import { stepAt } from '../../model/loop.ts';
import { outsideLoops, type CompiledRunbook } from '../../model/runbook.ts';
import type { Case } from './case.ts';
import type { Entries, Placed } from './entries.ts';
import { atEntry, atFile, ENTRIES_FILE, quoted } from './problem.ts';

/** What only happens between the beginning and the end of a run. */
const WITHIN = ['step.ended', 'gate.decided', 'decision', 'intent', 'effect'] as const;

/** The one beginning and the one end of a run. @throws EvidenceProblem `evidence.noStart`, `evidence.noEnd` */
export function beginningAndEnd(entries: Entries): {
  readonly started: Placed<'run.started'>;
  readonly ended: Placed<'run.ended'>;
} {
  const [started, ...others] = entries.of('run.started');
  if (started === undefined || others.length > 0) {
    throw atFile('evidence.noStart', ENTRIES_FILE, `There are ${others.length + (started ? 1 : 0)}.`);
  }
  const [ended, ...more] = entries.of('run.ended');
  if (ended === undefined || more.length > 0) {
    throw atFile('evidence.noEnd', ENTRIES_FILE, `There are ${more.length + (ended ? 1 : 0)}.`);
  }
  return { started, ended };
}

/**
 * Whether nothing is missing in the course of a run, and it stands within the run.
 *
 * @throws EvidenceProblem
 */
export function assertCourse(at: Case): void {
  assertWithin(at);
  assertSteps(at);
  assertOutcome(at);
  assertRefusals(at);
}

function assertWithin({ entries, started, ended }: Case): void {
  for (const { position, entry } of entries.all) {
    if (!(WITHIN as readonly string[]).includes(entry.kind)) continue;
    if (position < started.position || position > ended.position) {
      const side = position < started.position ? 'before it began' : 'after it had ended';
      throw atEntry('evidence.order', position, `The run has ${entry.kind} ${side}.`);
    }
  }
}

/** Every step outside of loops has an end, and every end has a step. */
function assertSteps({ entries, runbook, started, trust }: Case): void {
  const ends = entries.of('step.ended');
  const ended = new Set(ends.map(({ entry }) => entry.path));
  for (const { position, entry } of ends) {
    if (isEngineStep(entry.path)) {
      trust.add('engineSteps', 'These steps are the engine’s own, and in no runbook:', entry.path);
    } else if (!isStep(runbook, entry.path)) {
      throw atEntry('evidence.stepUnknown', position, `There is no step ${quoted(entry.path)}.`);
    }
  }
  const { tookOver = [] } = started.entry;
  for (const { path } of outsideLoops([...runbook.steps, ...runbook.cleanup, ...runbook.always])) {
    if (ended.has(path)) continue;
    if (tookOver.length === 0) {
      throw atFile('evidence.stepMissing', ENTRIES_FILE, `The step ${quoted(path)} has no end.`);
    }
    trust.add(
      'takenOver',
      `These steps were done by runs before (${tookOver.join(', ')}); their evidence is in the bundles of those:`,
      path,
    );
  }
}

/** A run that came out well has no step that did not; what is always done does not count. */
function assertOutcome({ entries, ended }: Case): void {
  if (ended.entry.outcome !== 'succeeded') return;
  const last = new Map(entries.of('step.ended').map(({ entry }) => [entry.path, entry.outcome]));
  const wrong = [...last].find(
    ([path, outcome]) => !path.startsWith('always/') && (outcome === 'warned' || outcome === 'failed'),
  );
  if (wrong === undefined) return;
  throw atEntry('evidence.outcome', ended.position, `It has succeeded, but ${quoted(wrong[0])} ${wrong[1]}.`);
}

function assertRefusals({ entries }: Case): void {
  const refusals = entries.of('refusal');
  const numbers = refusals.map(({ entry }) => entry.number).sort((a, b) => a - b);
  const gap = numbers.findIndex((number, index) => number !== index);
  if (gap < 0) return;
  const after = refusals.find(({ entry }) => entry.number === numbers[gap]);
  throw atEntry('evidence.refusalGap', after?.position ?? 0, `The refused answer ${gap} is missing.`);
}

/** A step of the runbook, or one item of a loop as a whole. */
function isStep(runbook: CompiledRunbook, path: string): boolean {
  if (stepAt(runbook, path) !== undefined) return true;
  const around = path.slice(0, path.lastIndexOf('/'));
  return path.includes('/') && stepAt(runbook, around)?.kind === 'forEach';
}

/** Ids of runbooks have no dot. */
function isEngineStep(path: string): boolean {
  return path === 'muster.inputs' || path === 'cleanup/muster.restored';
}
