import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { DryRunEstimate, DryRunReport, DryRunStep } from '../../cli/dry-run-report.ts';
import type { DryRunOptions } from '../../cli/stack-door.ts';
import { MusterError } from '../../client/index.ts';
import { loadConfig, type Config } from '../../config/index.ts';
import type { Control } from '../../control/index.ts';
import {
  canonicalText,
  checkStart,
  compileRunbook,
  createLibrary,
  type Library,
} from '../../language/index.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { CompiledRunbook, Mode } from '../../model/runbook.ts';
import { openConnections } from '../connections.ts';
import { rulesOf, votersOf } from '../muster-on.ts';
import { DATA_DIR } from '../open-muster.ts';
import { PROJECT_ROOT } from '../project.ts';
import { simulatorUrlsOf } from '../simulator-urls.ts';
import { readStackFile } from '../stack-file.ts';
import { StackError } from '../stack-error.ts';
import { controlFor } from '../temporal-control.ts';
import { depsOf } from '../worker-deps.ts';
import { Known } from './known.ts';
import { identityOf } from '../identity.ts';
import { NO_STORES } from './no-stores.ts';
import { lookAtPastRuns, type PastRuns } from './past-runs.ts';
import { PastTimes } from './past-times.ts';
import { rehearse, type RehearsalParts } from './rehearse.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Finds out what a run of a runbook would do now. Reads are done for real; of commands only the target is looked at, so
 * nothing is changed, and nothing is written on this machine either.
 *
 * @throws MusterError `run.refused` with diagnostics when it could not be started like this; ConfigError, StackError
 */
export async function runDryRun(options: DryRunOptions): Promise<DryRunReport> {
  const { configFile = join(PROJECT_ROOT, 'muster.yaml'), dataDir = DATA_DIR } = options;
  const stack = await readStackFile({ folder: resolve(dataDir) });
  const simulatorUrls = simulatorUrlsOf(stack);
  const config = await loadConfig({
    file: configFile,
    ...(simulatorUrls === undefined ? {} : { simulatorUrls }),
  });
  const { control, close } = controlFor(config, stack, dataDir);
  try {
    return await dryRun(config, control, options);
  } finally {
    await close();
  }
}

/** `control` is only asked how long past runs took; what it cannot tell is left out. @throws as {@link runDryRun} */
export async function dryRun(
  config: Config,
  control: Control,
  { source, mode, purpose, inputs: given, person, signal, onStep }: DryRunOptions,
): Promise<DryRunReport> {
  const library = createLibrary(source.library ?? {}, digestOf);
  const { runbook, diagnostics, positions } = compileRunbook({ ...source, library });
  if (runbook === undefined) throw refused(source.file, diagnostics);
  const digest = digestOf(canonicalText(runbook));
  const start = checkStart({
    runbook,
    positions,
    mode,
    inputs: given,
    digest,
    library,
    rulesFor: (name) => rulesOf(config, name),
  });
  if (start.inputs === undefined) throw refused(source.file, [...diagnostics, ...start.diagnostics]);
  const connections = openConnections(config);
  const identity = {
    runId: 'dry-run',
    firstExecutionId: 'dry-run',
    runbook: runbook.name,
    runbookDigest: digest,
    mode,
    purpose,
    starter: person ?? '',
  };
  const stores = NO_STORES;
  const parts: Omit<RehearsalParts, 'runbook' | 'child'> = {
    deps: depsOf({ config, stores, keys: [], identity: identityOf(config, stores.people) }, connections),
    run: identity,
    signal,
    changed: new Map(),
    people: votersOf(config.people, runbook.name),
    library,
    now: Date.now(),
    onStep,
  };
  try {
    const [steps, past] = await Promise.all([
      rehearseRunbook(runbook, start.inputs, parts, 0),
      lookAtPastRuns(control, runbook, mode, signal),
    ]);
    return {
      runbook: runbook.name,
      title: runbook.title,
      mode,
      inputs: start.inputs,
      steps: withEstimates(steps, past),
      estimate: estimateOf(past, digest),
    };
  } catch (error) {
    if (signal.aborted) throw new StackError('stack.cancelled', 'The dry run was stopped.');
    throw error;
  } finally {
    await connections.close();
  }
}

function estimateOf(past: PastRuns, digest: string): DryRunEstimate {
  if (past === 'none') return { kind: 'none' };
  return past instanceof PastTimes ? past.whole(digest) : { kind: 'unknown', ...past };
}

function withEstimates(steps: readonly DryRunStep[], past: PastRuns): readonly DryRunStep[] {
  if (!(past instanceof PastTimes)) return steps;
  return steps.map((step) => {
    const estimate = past.ofStep(step.path);
    return estimate === undefined ? step : { ...step, estimate };
  });
}

async function rehearseRunbook(
  runbook: CompiledRunbook,
  inputs: JsonObject,
  parts: Omit<RehearsalParts, 'runbook' | 'child'>,
  depth: number,
): Promise<DryRunStep[]> {
  const { mode, purpose, starter, runId } = parts.run;
  const known = new Known({
    inputs,
    vars: varsOf(runbook, mode),
    run: { id: runId, mode, purpose, starter },
  });
  const all: RehearsalParts = {
    ...parts,
    runbook,
    child(step, given, below) {
      const inner = childOf(parts.library, step.runbook);
      return rehearseRunbook(inner, withDefaults(inner, isJsonObject(given) ? given : {}), parts, below);
    },
  };
  return [
    ...(await rehearse(runbook.steps, { known, phase: 'steps', depth }, all)),
    ...(mode === 'drill' ? await rehearse(runbook.cleanup, { known, phase: 'cleanup', depth }, all) : []),
    ...(await rehearse(runbook.always, { known, phase: 'always', depth }, all)),
  ];
}

function childOf(library: Library, name: string): CompiledRunbook {
  const found = library.find(name)?.runbook;
  if (found === undefined) throw new TypeError(`The runbook ${name} was there when it was compiled.`);
  return found;
}

function withDefaults({ inputs }: CompiledRunbook, given: JsonObject): JsonObject {
  const defaults = Object.entries(inputs).flatMap(([name, spec]) =>
    spec.default === undefined ? [] : [[name, spec.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

function varsOf({ vars }: CompiledRunbook, mode: Mode): JsonObject {
  const known = Object.entries(vars).flatMap(([name, byMode]) => {
    const value = byMode[mode];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

function refused(file: string, diagnostics: MusterError['diagnostics']): MusterError {
  return new MusterError('run.refused', `${file} could not be started like this.`, { diagnostics });
}
