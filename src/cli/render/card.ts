import type { AllowedCommand, Card, CardFacts, CardVote } from '../../client/index.ts';
import { formatDuration } from '../../model/duration.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** What somebody reads before they answer, the most important first. */
export function cardLines(
  card: Card,
  { program, now }: { readonly program: string; readonly now: () => number },
): string[] {
  const { title, mode, purpose, starter, runbook, runId, facts, lastDrill, votes = [] } = card;
  const at = now();
  return [
    styled('bold', title),
    `${mode === 'live' ? styled('red', 'LIVE') : 'Drill'}, ${purpose}, started by ${starter}: ${runbook.title}`,
    ...(card.leftMs === undefined ? [] : [`Time left: ${formatDuration(card.leftMs)}.`]),
    ...card.warnings.map((warning) => styled('yellow', warning)),
    ...card.changed.flatMap(({ at: when, reasons }) => [
      styled('yellow', `Changed at ${shortTime(when)}; answers from before do not count any more:`),
      ...reasons.map((reason) => `  ${reason}`),
    ]),
    ...part('What to do', card.instructions === undefined ? [] : card.instructions.split(/\s*[⏎\n]\s*/)),
    ...part('What this step is', card.says),
    ...part('What a yes allows', card.allows.flatMap(commandLines)),
    ...part('What cannot be undone', card.cannotUndo),
    ...(facts === undefined ? [] : factLines(facts, at)),
    ...part('The last drill', [
      lastDrill === undefined
        ? 'It was never practised.'
        : `${lastDrill.outcome} at ${shortTime(lastDrill.endedAt)} (${lastDrill.runId})`,
    ]),
    ...part('Answers so far', votes.map(voteLine)),
    ...part('Who has to answer', card.missing),
    '',
    `How to answer: ${program} show ${runId}`,
  ];
}

function part(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', styled('bold', heading), ...lines.map((line) => `  ${line}`)];
}

function commandLines({ title, action, target, says, with: given }: AllowedCommand): string[] {
  return [
    `${title}: ${action} on ${target}`,
    ...says.map((line) => `  ${line}`),
    ...given.map(({ name, value }) => `  ${name}: ${value}`),
  ];
}

function factLines({ plans, machines, more, unknown, oldestPointMs, at }: CardFacts, now: number): string[] {
  const asOf = Math.max(at, now);
  const rows = machines.map(({ name, isCritical, newestPoint }) => [
    name,
    isCritical ? 'critical' : '',
    newestPoint === undefined ? 'not known' : formatDuration(Math.max(0, asOf - newestPoint)),
  ]);
  return [
    ...plans.flatMap(({ name, state, check, verification, machines: count }) =>
      part(`The plan ${name}`, [
        `Stands at: ${state}`,
        `Last readiness check: ${check ?? 'no result known'} (${verification})`,
        `Machines: ${count}`,
      ]),
    ),
    ...part('The age of the newest restore points', [
      ...(oldestPointMs === undefined
        ? []
        : [`What was written in the last ${formatDuration(oldestPointMs)} would be lost, at most.`]),
      ...(rows.length === 0 ? [] : table(['MACHINE', '', 'AGE'], rows)),
      ...(more === 0 ? [] : [`And ${more} more.`]),
    ]),
    ...unknown.map((line) => styled('yellow', `Not known: ${line}`)),
  ];
}

function voteLine({ person, for: from, decision, assurance, comment }: CardVote): string {
  const who = from === undefined ? person : `${person} for ${from}`;
  const how = assurance === undefined ? '' : ` (${assurance})`;
  return `${who}: ${decision}${how}${comment === undefined ? '' : `: ${comment}`}`;
}
