import { isActionName, specOf, type System } from '../../catalog/index.ts';
import type { JsonObject } from '../../model/json.ts';
import type { CompiledRunbook, Mode, Step } from '../../model/runbook.ts';
import type { Scope } from '../../model/expression.ts';
import { EMPTY_LIBRARY, type Library } from '../library.ts';
import type { RunbookPositions } from '../compile.ts';
import type { Diagnostic } from '../diagnostics.ts';
import { didYouMean } from '../../model/suggest.ts';
import { checkGivenValues } from './given-values.ts';
import { readInputs } from './inputs.ts';
import { checkPeople, type KnownPeople } from './people.ts';
import { StartProblems } from './problems.ts';
import { referencesOf } from './references.ts';
import { isUses, scopeOf, stepsInMode } from './running.ts';
import { checkPublished, type PublishingRules } from './published.ts';
import { checkSafety, type SafetyRules } from './safety.ts';

/** What the configuration says about starting this runbook. */
export interface StartRules extends SafetyRules, KnownPeople, PublishingRules {
  readonly connections: readonly { readonly name: string; readonly kind: System }[];
}

export interface StartCheck {
  /** With their types, defaults filled in. Present when no diagnostic is an error. */
  readonly inputs?: JsonObject;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks whether a run may start: its inputs, its mode, its connections, the people it will ask, and the safety rules
 * as far as they can be decided before anything is done.
 *
 * @param inputs texts from the command line, or typed values
 * @param positions of the runbook's file; without them, diagnostics name the runbook and point at its first line
 */
export function checkStart({
  runbook,
  positions = { file: runbook.name, steps: new Map(), inputs: new Map(), vars: new Map() },
  mode,
  inputs: given,
  digest,
  starter,
  library = EMPTY_LIBRARY,
  rulesFor,
}: {
  runbook: CompiledRunbook;
  positions?: RunbookPositions;
  mode: Mode;
  inputs: Readonly<Record<string, unknown>>;
  /** SHA-256 of the runbook's canonical JSON; needed where only published runbooks run live. */
  digest?: string;
  /** Who starts the run; some approvals exclude them. */
  starter?: string;
  /** Where the runbooks are that it runs. */
  library?: Library;
  /** What the configuration allows the runbook of a name. */
  rulesFor: (runbook: string) => StartRules;
}): StartCheck {
  const problems = new StartProblems(positions);
  const inputs = readInputs(runbook, given, problems);
  checkPublished(runbook, { mode, digest, rules: rulesFor(runbook.name) }, problems);
  checkSteps(
    runbook,
    { mode, scope: scopeOf(runbook, mode, inputs), rules: rulesFor(runbook.name), starter },
    problems,
  );
  for (const { path, child } of childrenOf(runbook, mode, library)) {
    const scope = scopeOf(child, mode, {});
    const rules = rulesFor(child.name);
    checkSteps(child, { mode, scope, rules, starter }, problems.at(path, child.name));
  }
  const diagnostics = problems.all();
  return diagnostics.some(({ severity }) => severity === 'error') ? { diagnostics } : { inputs, diagnostics };
}

/** What does not depend on the inputs. */
function checkSteps(
  runbook: CompiledRunbook,
  {
    mode,
    scope,
    rules,
    starter,
  }: { mode: Mode; scope: Scope; rules: StartRules; starter: string | undefined },
  problems: StartProblems,
): void {
  const steps = stepsInMode(runbook, mode);
  checkMode(runbook, steps, mode, problems);
  checkVars(runbook, steps, mode, problems);
  checkConnections(steps, rules, problems);
  checkPeople(runbook, steps, rules, { starter, problems });
  checkSafety(steps, { mode, scope, rules }, problems);
  checkGivenValues(runbook, { mode, scope }, problems);
}

/** The runbooks that run in this mode, each once, and the step of the first that leads there. */
function childrenOf(
  runbook: CompiledRunbook,
  mode: Mode,
  library: Library,
): { readonly path: string; readonly child: CompiledRunbook }[] {
  const found = new Map<string, { path: string; child: CompiledRunbook }>();
  const visit = (one: CompiledRunbook, from: string | undefined): void => {
    for (const step of stepsInMode(one, mode)) {
      if (step.kind !== 'runbook' || found.has(step.runbook)) continue;
      const child = library.find(step.runbook)?.runbook;
      if (child === undefined) continue;
      const path = from ?? step.path;
      found.set(step.runbook, { path, child });
      visit(child, path);
    }
  };
  visit(runbook, undefined);
  return [...found.values()];
}

function checkMode(
  runbook: CompiledRunbook,
  steps: readonly Step[],
  mode: Mode,
  problems: StartProblems,
): void {
  const top = new Set(runbook.steps.map(({ path }) => path));
  if (steps.some(({ path }) => top.has(path))) return;
  const other = mode === 'drill' ? 'live' : 'drill';
  problems.atTop(
    'MODE_EMPTY',
    `\`${runbook.name}\` does nothing in a ${mode} run.`,
    `It is meant for --mode ${other}.`,
  );
}

function checkVars(
  { vars }: CompiledRunbook,
  steps: readonly Step[],
  mode: Mode,
  problems: StartProblems,
): void {
  const asked = new Set(steps.flatMap((step) => [...referencesOf(step)]));
  for (const [name, byMode] of Object.entries(vars)) {
    if (byMode[mode] !== undefined || !asked.has(`vars.${name}`)) continue;
    problems.atVar(
      'VAR_MISSING',
      name,
      `\`vars.${name}\` has no value in a ${mode} run.`,
      `Give it one: ${mode}: …`,
    );
  }
}

/** Each connection is reported once, at the first step that uses it. */
function checkConnections(
  steps: readonly Step[],
  { connections }: StartRules,
  problems: StartProblems,
): void {
  const seen = new Set<string>();
  for (const { uses, connection, path } of steps.filter(isUses)) {
    const system = isActionName(uses) ? specOf(uses).system : undefined;
    if (connection === undefined || system === undefined || seen.has(`${connection} ${system}`)) continue;
    seen.add(`${connection} ${system}`);
    const found = connections.find(({ name }) => name === connection);
    if (found === undefined) {
      const names = connections.map(({ name }) => name);
      const hint = didYouMean(connection, names) ?? `It has ${names.join(', ') || 'none'}.`;
      problems.atStep(
        'CONNECTION_UNKNOWN',
        path,
        `The configuration has no connection \`${connection}\`.`,
        hint,
      );
    } else if (found.kind !== system) {
      const message = `\`${uses}\` needs a connection of kind ${system}, but \`${connection}\` is of kind ${found.kind}.`;
      problems.atStep('CONNECTION_KIND', path, message, 'Name another one under `connections`.');
    }
  }
}
