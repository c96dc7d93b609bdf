import { formatDuration } from '../../model/duration.ts';
import type { InboxGate } from '../../client/index.ts';
import { styled } from './style.ts';
import { table } from './table.ts';

/** What waits, yours marked. */
export function inboxLines(
  gates: readonly InboxGate[],
  { program, now }: { readonly program: string; readonly now: () => number },
): string[] {
  const [first] = gates;
  if (first === undefined) return ['Nothing waits for people.'];
  const at = now();
  return [
    ...table(
      ['', 'RUN', 'GATE', 'KIND', 'WAITS', 'LEFT', 'WHAT IS ASKED'],
      gates.map(({ runId, gate, kind, title, openedAt, dueAt, isMine }) => [
        isMine ? styled('yellow', 'you') : '',
        runId,
        gate,
        kind,
        formatDuration(Math.max(0, at - openedAt)),
        leftText(dueAt, at),
        title,
      ]),
    ),
    '',
    `See what a yes would allow, and how to answer: ${program} show ${first.runId}`,
  ];
}

function leftText(dueAt: number | undefined, now: number): string {
  if (dueAt === undefined) return '';
  return dueAt > now ? formatDuration(dueAt - now) : styled('red', 'overdue');
}
