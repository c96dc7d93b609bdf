import type { Problem, Verdict, Verified } from './verdict.ts';

/** A verdict for people, as plain text. */
export function renderVerdict(verdict: Verdict): string {
  return `${(verdict.ok ? verifiedLines(verdict) : refutedLines(verdict.problem)).join('\n')}\n`;
}

function verifiedLines({ run, ledger, checked, trusted }: Verified): readonly string[] {
  const { files, entries, steps, gates, votes, intents, effects, notes, reviews } = checked;
  return [
    'VERIFIED',
    '',
    `Run         ${run.runId} of ${run.runbook}, ${run.mode}: ${run.outcome}`,
    `Ledger      ${ledger.origin}, ${ledger.size} entries, root ${ledger.root}`,
    '',
    'Checked',
    `  ${counted(files, 'file')} by the SHA-256 in the signed statement`,
    `  ${counted(entries, 'entry', 'entries')}, each in the ledger of the checkpoint, each in its one form`,
    `  ${counted(steps, 'end')} of steps; no step of the runbook is missing`,
    `  ${counted(gates, 'decided gate')} and ${counted(votes, 'vote')}: signatures, people, rules, what they were about`,
    `  ${counted(intents, 'command')} and ${counted(effects, 'effect')}: none without the one before, none before its approval`,
    ...(notes + reviews === 0
      ? []
      : [
          `  ${counted(notes, 'note')} and ${counted(reviews, 'review')} of a report: texts, files and signatures`,
        ]),
    '',
    'Not checked, but trusted',
    ...trusted.map(({ sentence }) => `  - ${sentence}`),
  ];
}

function refutedLines({ code, file, position, sentence }: Problem): readonly string[] {
  return [
    'NOT VERIFIED',
    '',
    ...(file === undefined ? [] : [`File        ${file}`]),
    ...(position === undefined ? [] : [`Entry       ${position}`]),
    `Problem     ${sentence}`,
    `Code        ${code}`,
    '',
    'Nothing behind this was looked at. Do not rely on anything in this bundle.',
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
