import {
  checkStart,
  compileRunbook,
  type Diagnostic,
  type StartCheck,
  type StartRules,
} from '../../src/language/index.ts';
import type { CompiledRunbook, Mode } from '../../src/model/runbook.ts';

/** `CODE line:column`, the whole of what tests say about a diagnostic. */
export function brief(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** The errors of a text. */
export function errorsOf(text: string): string[] {
  return brief(
    compileRunbook({ text, file: 'test.yaml' }).diagnostics.filter(({ severity }) => severity === 'error'),
  );
}

/** Five lines; the steps begin in line 6. */
export const HEAD = `apiVersion: muster/v1
name: test
connections: { vro: dr-site, vbr: dr-backup }
inputs: { plan: { type: vroPlan }, count: { type: integer }, url: { type: string, default: "" } }
steps:
`;

/** A runbook with these steps, the first in line 6. */
export function withSteps(steps: string): string {
  return HEAD + steps;
}

/** One harmless step, for runbooks whose head is tested. */
export const ANY_STEP = 'steps: [{ id: pause, wait: 1s }]\n';

/** Compiles a text that has no errors. */
export function compiled(text: string): CompiledRunbook {
  const { runbook, diagnostics } = compileRunbook({ text, file: 'test.yaml' });
  if (runbook === undefined) throw new Error(`It does not compile: ${brief(diagnostics).join(', ')}`);
  return runbook;
}

export const RULES = {
  drillAllow: ['dr-site/plan/ERP-CANARY'],
  unattended: false,
  connections: [
    { name: 'dr-site', kind: 'vro' as const },
    { name: 'dr-backup', kind: 'vbr' as const },
  ],
  roles: new Map([
    ['dr-manager', 2],
    ['app-owner', 1],
  ]),
  people: ['ada', 'grace'],
};

/** Starts a text as the command line would. */
export function start(
  text: string,
  {
    mode,
    inputs = {},
    rules = {},
    ...who
  }: {
    mode: Mode;
    inputs?: Record<string, unknown>;
    rules?: Partial<StartRules>;
    starter?: string;
  },
): StartCheck {
  const { runbook, positions, diagnostics } = compileRunbook({ text, file: 'test.yaml' });
  if (runbook === undefined) throw new Error(`It does not compile: ${brief(diagnostics).join(', ')}`);
  return checkStart({ runbook, positions, mode, inputs, rulesFor: () => ({ ...RULES, ...rules }), ...who });
}
