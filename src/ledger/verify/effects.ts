import { isFailureCode, SEEN_BY_WATCHING } from '../../model/failure.ts';
import { outsideLoops, type Step } from '../../model/runbook.ts';
import { CLOCK_TOLERANCE_MS, type Case } from './case.ts';
import type { Placed } from './entries.ts';
import { atEntry, quoted } from './problem.ts';

/**
 * Whether intents are counted without gaps, every effect comes after its intent, and every command that went well has an effect.
 *
 * @throws EvidenceProblem `evidence.epochGap`, `evidence.intentMissing`, `evidence.order`, `evidence.effectMissing`
 */
export function assertEffects(at: Case): void {
  const intents = at.entries.of('intent');
  const ends = firstEnds(at);
  const epochs = new Map<string, number>();
  const byName = new Map<string, Placed<'intent'>>();
  for (const intent of intents) {
    const { entry, position } = intent;
    const of = nameOf(entry);
    const expected = (epochs.get(of) ?? 0) + 1;
    if (entry.epoch !== expected) {
      throw atEntry(
        'evidence.epochGap',
        position,
        `At ${quoted(entry.path)}, attempt ${entry.attempt}, intent ${expected} is missing.`,
      );
    }
    epochs.set(of, expected);
    byName.set(`${of} ${entry.epoch}`, intent);
    assertInTurn(at, intent, ends);
  }
  const done = new Set<string>();
  for (const { entry, position } of at.entries.of('effect')) {
    const name = `${nameOf(entry)} ${entry.epoch}`;
    const intent = byName.get(name);
    if (intent === undefined || intent.position > position) {
      throw atEntry('evidence.intentMissing', position, `The effect at ${quoted(entry.path)} has no intent.`);
    }
    if (entry.at < intent.entry.at - CLOCK_TOLERANCE_MS) {
      throw atEntry(
        'evidence.order',
        position,
        `The effect at ${quoted(entry.path)} is older than its intent.`,
      );
    }
    if (done.has(name)) {
      throw atEntry(
        'evidence.doubleEntry',
        position,
        `The effect at ${quoted(entry.path)} is entered twice.`,
      );
    }
    done.add(name);
  }
  assertKnownEnds(at, intents, done);
  if (done.size > 0) {
    at.trust.add('effects', 'What commands have changed is as the servers said to muster.');
  }
}

/** What became of a command is known when it is sent anew, when it was watched, and when its step went well by itself. */
function assertKnownEnds(
  { entries }: Case,
  intents: readonly Placed<'intent'>[],
  done: ReadonlySet<string>,
): void {
  for (const { entry, position } of intents) {
    if (entry.epoch === 1 || done.has(`${nameOf(entry)} ${entry.epoch - 1}`)) continue;
    throw atEntry('evidence.effectMissing', position, `At ${quoted(entry.path)} it was sent before.`);
  }
  assertWatchedEnds(entries, intents, done);
  const last = new Map(intents.map((intent) => [intent.entry.path, intent]));
  const decided = new Set(entries.of('decision').map(({ entry }) => entry.path));
  for (const { entry, position } of entries.of('step.ended')) {
    const intent = last.get(entry.path)?.entry;
    if (intent === undefined || entry.outcome !== 'succeeded' || decided.has(entry.path)) continue;
    if (done.has(`${nameOf(intent)} ${intent.epoch}`)) continue;
    throw atEntry('evidence.effectMissing', position, `The step ${quoted(entry.path)} has succeeded.`);
  }
}

/** A command whose plan or session was seen to fail had taken effect, unless people had to say so. */
function assertWatchedEnds(
  entries: Case['entries'],
  intents: readonly Placed<'intent'>[],
  done: ReadonlySet<string>,
): void {
  const last = new Map(intents.map(({ entry }) => [nameOf(entry), entry]));
  const decided = new Set<string>();
  const failed = [...entries.of('decision'), ...entries.of('step.ended')].sort(
    (a, b) => a.position - b.position,
  );
  for (const { entry, position } of failed) {
    const name = nameOf(entry);
    const intent = last.get(name);
    const isWatched = isFailureCode(entry.failure) && SEEN_BY_WATCHING.has(entry.failure);
    if (intent !== undefined && isWatched && !decided.has(name) && !done.has(`${name} ${intent.epoch}`)) {
      throw atEntry('evidence.effectMissing', position, `${quoted(entry.path)} was watched, and failed.`);
    }
    if (entry.kind === 'decision') decided.add(name);
  }
}

/** Nothing is sent before the steps that stand before it have ended. */
function assertInTurn(
  { runbook }: Case,
  { entry, position }: Placed<'intent'>,
  ends: ReadonlyMap<string, number>,
): void {
  const phase = [runbook.steps, runbook.cleanup, runbook.always].find((steps) =>
    [...outsideLoops(steps)].some((step) => isAround(step, entry.path)),
  );
  const before = phase === undefined ? [] : stepsBefore(phase, entry.path);
  const late = before.find(({ path }) => (ends.get(path) ?? -1) > position);
  if (late === undefined) return;
  throw atEntry(
    'evidence.order',
    position,
    `${quoted(entry.path)} was sent before ${quoted(late.path)} had ended.`,
  );
}

/** Where each step has ended first: a step may be tried anew long after. */
function firstEnds({ entries }: Case): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { entry, position } of entries.of('step.ended')) {
    if (!ends.has(entry.path)) ends.set(entry.path, position);
  }
  return ends;
}

/** The steps that have to end before the one at this path begins; within a loop those before the loop. */
function stepsBefore(steps: readonly Step[], path: string): readonly Step[] {
  const index = steps.findIndex((step) => isAround(step, path));
  const around = steps[index];
  if (around === undefined) return [];
  const before = steps.slice(0, index);
  if (around.kind === 'steps') return [...before, ...stepsBefore(around.steps, path)];
  if (around.kind !== 'parallel') return before;
  const branch = around.branches.find((step) => isAround(step, path));
  return [...before, ...(branch === undefined ? [] : stepsBefore([branch], path))];
}

function isAround({ path: around }: Step, path: string): boolean {
  return path === around || path.startsWith(`${around}/`);
}

function nameOf({ path, attempt }: { readonly path: string; readonly attempt: number }): string {
  return `${path} ${attempt}`;
}
