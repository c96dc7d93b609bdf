import { tableOr, type Section } from './document.ts';
import type { RunReport } from './report-types.ts';
import { durationText, momentText } from './words.ts';

/** This run beside the previous one; nothing where there was none. */
export function comparisonSections({ comparison: found }: RunReport): Section[] {
  if (found === undefined) return [];
  const { runId, startedAt, state, isSameRunbook, figures, steps: changed, changes } = found;
  const difference = (before: number | undefined, now: number | undefined): string => {
    if (before === undefined || now === undefined) return '-';
    return before === now ? 'the same' : `${now > before ? '+' : '-'}${durationText(Math.abs(now - before))}`;
  };
  const columns = [
    { label: 'What', share: 40 },
    { label: 'Before', share: 20, align: 'right' },
    { label: 'Now', share: 20, align: 'right' },
    { label: 'Difference', share: 20, align: 'right' },
  ] as const;
  const known = figures.filter(({ before, now }) => before !== undefined || now !== undefined);
  return [
    {
      id: 'comparison',
      title: 'Compared with the previous run',
      blocks: [
        {
          kind: 'text',
          text: `The previous run was ${runId}, ${momentText(startedAt)}; it ended as ${state}. The runbook is ${isSameRunbook ? 'the same' : 'another one'}.`,
        },
        tableOr(
          'There are no figures to compare.',
          'Figures of the previous run and of this one',
          columns,
          known.map(({ name, before, now }) => [
            { text: name },
            { text: durationText(before) },
            { text: durationText(now) },
            { text: difference(before, now) },
          ]),
        ),
        { kind: 'heading', text: 'Steps that took clearly longer or shorter' },
        tableOr(
          'None.',
          'Steps whose time has changed most',
          columns,
          changed.map(({ path, beforeMs, nowMs }) => [
            { text: path },
            { text: durationText(beforeMs) },
            { text: durationText(nowMs) },
            { text: difference(beforeMs, nowMs) },
          ]),
        ),
        ...(changes.length === 0 ? [] : [{ kind: 'list', items: changes } as const]),
      ],
    },
  ];
}
