import type { ExplainedStep, Explanation } from '../../language/index.ts';
import { styled } from './style.ts';

/** An explanation for a terminal. `explanation` is inert already. */
export function explanationLines(explanation: Explanation): string[] {
  const { title, description, owner, contacts, mode, objectives, needs, warnings } = explanation;
  return [
    styled('bold', title),
    ...(mode === undefined ? [] : [`As a ${mode === 'live' ? 'LIVE run' : 'drill'}.`]),
    ...(description === undefined ? [] : ['', description]),
    '',
    ...section(
      'What was promised',
      objectives.map((line) => `- ${line}`),
    ),
    ...section(
      'When it starts by itself, once its schedules are applied',
      explanation.schedules.map((line) => `- ${line}`),
    ),
    ...section(
      'What it needs',
      needs.map(({ name, says }) => `- ${styled('bold', name)}: ${says}`),
    ),
    ...section(
      'What to know before saying yes',
      warnings.map((line) => `- ${warned(line)}`),
    ),
    ...explanation.parts.flatMap(({ heading, says, steps }) =>
      section(heading, [
        ...(says === undefined ? [] : [says]),
        ...steps.flatMap((step) => stepLines(step, '')),
      ]),
    ),
    ...section('When something fails', [explanation.failure]),
    ...section(
      'What it answers',
      explanation.outputs.map((line) => `- ${line}`),
    ),
    ...section('Whom to call', [
      ...(owner === undefined ? [] : [`- ${owner}`]),
      ...contacts.map((line) => `- ${line}`),
    ]),
  ].slice(0, -1);
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [styled(['bold', 'underline'], heading), ...lines, ''];
}

function stepLines({ number, title, says, children }: ExplainedStep, indent: string): string[] {
  const inner = `${indent}   `;
  return [
    `${indent}${styled('bold', `${number}. ${title}`)}`,
    ...says.map((line) => `${inner}${warned(line)}`),
    ...children.flatMap((child) => stepLines(child, inner)),
  ];
}

function warned(line: string): string {
  return /PRODUCTION|CANNOT/.test(line) ? styled('yellow', line) : line;
}
