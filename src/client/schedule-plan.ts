import { createHash } from 'node:crypto';
import { clockChangeMet, type ListedSchedule } from '../control/index.ts';
import {
  canonicalText,
  checkStart,
  compileRunbook,
  createLibrary,
  type ChildRunbook,
  type Diagnostic,
  type DiagnosticCode,
  type StartRules,
} from '../language/index.ts';
import { canonicalJson } from '../model/json.ts';
import type { LaunchInput } from '../model/launch.ts';
import type { CompiledRunbook } from '../model/runbook.ts';
import { SCHEDULE_PERSON, scheduleId } from '../model/schedule.ts';
import { MusterError } from './errors.ts';
import type { RunbookText } from './muster.ts';
import type { ScheduleChange, ScheduleTerms } from './schedule-requests.ts';

/** What a file says about when its runbook starts by itself. */
export interface WantedSchedules {
  readonly runbook: CompiledRunbook;
  readonly digest: string;
  readonly children: readonly ChildRunbook[];
  readonly launches: readonly Omit<LaunchInput, 'appliedAt' | 'appliedBy'>[];
}

const TERMS = [
  'cron',
  'timezone',
  'mode',
  'inputs',
  'description',
  'digest',
] as const satisfies (keyof ScheduleTerms)[];
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads the schedules of a file, and checks that each could start a run as things are.
 *
 * @throws MusterError `run.refused` with all that speaks against it
 */
export function wantedSchedules(
  { file, text, library: texts = {} }: RunbookText,
  { rulesFor, now }: { readonly rulesFor: (runbook: string) => StartRules; readonly now: number },
): WantedSchedules {
  const library = createLibrary(texts, digestOf);
  const { runbook, diagnostics, schedules, positions } = compileRunbook({ file, text, library });
  const found: Diagnostic[] = [...diagnostics];
  const launches: Omit<LaunchInput, 'appliedAt' | 'appliedBy'>[] = [];
  const digest = runbook === undefined ? '' : digestOf(canonicalText(runbook));
  for (const { name, mode, inputs: given, cron, timezone, description } of schedules) {
    if (runbook === undefined) break;
    const at = positions.schedules?.get(name) ?? { line: 1, column: 1 };
    const refuse = (code: DiagnosticCode, message: string, hint: string): void => {
      found.push({ code, severity: 'error', message, hint, file, ...at });
    };
    if (mode === 'live' && !rulesFor(runbook.name).unattended) {
      const hint = 'Make it a drill, or list the runbook under `unattended` in muster.yaml.';
      refuse(
        'SCHEDULE_REFUSED',
        `The schedule \`${name}\` would start live runs that nobody approves.`,
        hint,
      );
    }
    const change = clockChangeMet(cron, timezone, now);
    if (change !== undefined) {
      const what = change.kind === 'skips' ? 'skip this time' : 'show this time twice';
      const message = `The schedule \`${name}\` meets a clock change: on ${change.time} the clocks of ${timezone} ${what}.`;
      refuse('SCHEDULE_REFUSED', message, 'Choose another hour, or the time zone UTC.');
    }
    const start = checkStart({
      runbook,
      positions,
      mode,
      inputs: given,
      digest,
      library,
      starter: SCHEDULE_PERSON,
      rulesFor,
    });
    found.push(...start.diagnostics);
    launches.push({
      schedule: scheduleId(runbook.name, name),
      runbook: runbook.name,
      runbookDigest: digest,
      mode,
      purpose: mode === 'live' ? 'planned' : 'exercise',
      inputs: start.inputs ?? {},
      ...(runbook.authors === undefined ? {} : { authors: runbook.authors }),
      cron,
      timezone,
      ...(description === undefined ? {} : { description }),
    });
  }
  if (runbook === undefined || found.some(({ severity }) => severity === 'error')) {
    throw new MusterError('run.refused', `The schedules of ${file} cannot be put in force.`, {
      diagnostics: found,
    });
  }
  return { runbook, digest, children: library.compiled(), launches };
}

/** What becomes of each schedule of a runbook, by id. */
export function changesOf(
  wanted: Pick<WantedSchedules, 'launches'>,
  inForce: readonly ListedSchedule[],
): ScheduleChange[] {
  const before = new Map(inForce.map(({ id, launch }) => [id, termsOf(launch)]));
  const changes = wanted.launches.map((launch): ScheduleChange => {
    const { schedule: id } = launch;
    const after = termsOf(launch);
    const was = before.get(id);
    before.delete(id);
    if (was === undefined) return { id, what: 'add', after };
    const changed = TERMS.filter(
      (term) => canonicalJson(was[term] ?? null) !== canonicalJson(after[term] ?? null),
    );
    return changed.length === 0
      ? { id, what: 'keep', after }
      : { id, what: 'change', before: was, after, changed };
  });
  const removed = [...before].map(([id, was]): ScheduleChange => ({ id, what: 'remove', before: was }));
  return [...changes, ...removed].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What a launch was put in force with, as people read it. */
export function termsOf({
  cron,
  timezone,
  mode,
  inputs,
  description,
  runbookDigest: digest,
}: Omit<LaunchInput, 'appliedAt' | 'appliedBy'>): ScheduleTerms {
  return { cron, timezone, mode, inputs, ...(description === undefined ? {} : { description }), digest };
}
