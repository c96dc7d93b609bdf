import { CsvError, readCsv } from '../../src/cli/csv.ts';
import {
  canonicalText,
  checkStart,
  compileRunbook,
  DIAGNOSTICS,
  renderDiagnostics,
  type Diagnostic,
} from '../../src/language/index.ts';
import { ExpressionError, parseExpression, type Scope } from '../../src/model/expression.ts';
import { canonicalJson, type Json } from '../../src/model/json.ts';
import { anchored, matches, patternProblem } from '../../src/model/pattern.ts';
import { renderText, templateReferences } from '../../src/model/template.ts';
import { typedInput } from '../../src/model/typed-value.ts';
import { RULES } from '../language/support.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** An input that was answered otherwise than it may be. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
}

/** Values of the largest kind that steps hand on, so that expressions meet what is dear. */
const SCOPE: Scope = {
  i: 3,
  j: -7,
  d: 1.5,
  s: 'srv',
  t: 'x'.repeat(60_000),
  b: true,
  n: null,
  li: Array.from({ length: 1_000 }, (_, index) => index % 97),
  ls: Array.from({ length: 1_000 }, (_, index) => `server-${index}`),
  m: { a: 1, b: 2 },
  lm: Array.from({ length: 500 }, (_, n) => ({ name: `vm${n}`, n, up: n % 2 === 0 })),
  inputs: { plan: 'ERP', count: 3, sure: true, agents: [{ name: 'srv1', backup: 'b' }] },
  vars: { erpUrl: 'https://erp.example' },
  run: { id: 'run-1', mode: 'drill', purpose: 'exercise', starter: 'ada' },
  steps: { failover: { outcome: 'succeeded', output: { failed: [{ isCritical: true }], state: 'Ready' } } },
  output: { state: 'Ready', items: [1, 2, 3] },
};

/**
 * Gives an input to the code that takes it, and answers with the codes of what it said, `ok` for a result.
 *
 * @throws FuzzFinding for an answer that may not be; whatever else is thrown is a finding as well
 */
export function judge({ kind, text, values }: FuzzCase): string[] {
  switch (kind) {
    case 'runbook':
      return judgeRunbook(text, values);
    case 'expression':
      return [withCode(() => parseExpression(text).evaluate(SCOPE))];
    case 'template':
      return [withCode(() => (templateReferences(text), renderText(text, SCOPE)))];
    case 'table':
      return [judgeTable(text)];
    case 'pattern':
      return [judgePattern(text)];
  }
}

function judgeRunbook(text: string, values: readonly unknown[]): string[] {
  const { runbook, diagnostics, positions } = compileRunbook({ text, file: 'fuzz.yaml' });
  checkDiagnostics(diagnostics);
  if (renderDiagnostics(diagnostics).length === 0 && diagnostics.length > 0) {
    throw new FuzzFinding('Diagnostics are printed as nothing.');
  }
  const codes: string[] = diagnostics.map(({ code }) => code);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  if ((runbook === undefined) !== hasErrors) {
    throw new FuzzFinding('A runbook has errors, or none without one.');
  }
  if (runbook === undefined) return codes;
  if (canonicalJson(JSON.parse(canonicalText(runbook))) !== canonicalText(runbook)) {
    throw new FuzzFinding('The canonical text of a runbook does not survive JSON.');
  }
  const inputs = Object.fromEntries(Object.keys(runbook.inputs).map((name, index) => [name, values[index]]));
  for (const mode of ['drill', 'live'] as const) {
    const start = checkStart({ runbook, positions, mode, inputs, rulesFor: () => RULES });
    checkDiagnostics(start.diagnostics);
    codes.push(...start.diagnostics.map(({ code }) => code));
  }
  return [...codes, 'ok'];
}

function checkDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { code, line, column, message } of diagnostics) {
    const isKnown = Object.hasOwn(DIAGNOSTICS, code) && line >= 1 && column >= 1 && message !== '';
    if (!isKnown) {
      throw new FuzzFinding(`A diagnostic is not as it may be: ${code} ${line}:${column} ${message}`);
    }
  }
}

function withCode(evaluate: () => Json): string {
  let value: Json;
  try {
    value = evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
  if (canonicalJson(JSON.parse(JSON.stringify(value))) !== canonicalJson(value)) {
    throw new FuzzFinding('The value of an expression does not survive JSON.');
  }
  return 'ok';
}

function judgeTable(text: string): string {
  try {
    const rows = readCsv(text);
    const typed = typedInput(
      rows,
      { type: 'list', of: { name: 'string', site: 'string' } },
      { readTexts: true },
    );
    return 'value' in typed ? 'ok' : typed.code;
  } catch (error) {
    if (error instanceof CsvError && error.line >= 1) return 'CsvError';
    throw error;
  }
}

/** A pattern that is taken must be fast on the texts that are hardest for it. */
function judgePattern(text: string): string {
  const problem = patternProblem(text);
  if (problem !== undefined) return 'PATTERN';
  const letters = [...new Set(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, ''))].slice(0, 3);
  for (const letter of [...letters, 'a', '0']) matches(anchored(text), `${letter.repeat(254)}!`.slice(-256));
  return 'ok';
}
