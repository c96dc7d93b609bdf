import { tableOr, type Cell, type ReportDocument, type Section } from './document.ts';
import { findingsTable } from './findings-table.ts';
import type { Coverage, CoverageState, PeriodReport, PeriodRun } from './period-types.ts';
import type { Tone } from './report-types.ts';
import { reviewSection } from './review-section.ts';
import { dayText, durationText, momentText, toneOf, verdictText } from './words.ts';

const CONTROL_TONES = { gap: 'bad', evidence: 'good', outside: 'plain' } as const;
const COVERAGE_TONES: Readonly<Record<CoverageState, Tone>> = {
  drilled: 'good',
  overdue: 'warn',
  failed: 'bad',
  never: 'bad',
};

/** The report of a period as people read it: gaps first, then what they rest on. */
export function periodDocument(report: PeriodReport): ReportDocument {
  const { from, to, verdict, madeAt, checkpoint } = report;
  // The end is not in the period any more; people read the last day that is.
  const period = `${dayText(from)} to ${dayText(to - 1)}`;
  return {
    title: 'Tests of recovery',
    subtitle: `Report of the period ${period}`,
    madeAt,
    footer: `${period} · ${checkpoint === undefined ? 'not sealed' : `root ${checkpoint.root}`}`,
    verdict: { tone: verdict.tone, word: verdict.state, says: verdict.says },
    sections: [
      controls(report),
      coverage(report),
      runs(report),
      findings(report),
      reviewSection(report.reviews, 'Nobody has reviewed a report of this time.'),
      about(report),
    ],
  };
}

function controls({ controls: judged }: PeriodReport): Section {
  return {
    id: 'controls',
    title: 'Controls, gaps first',
    blocks: [
      tableOr(
        'There are no controls.',
        'What each control asks for, and what the evidence of the period says',
        [
          { label: 'Control', share: 28 },
          { label: 'State', share: 10 },
          { label: 'Evidence', share: 36 },
          { label: 'To be shown otherwise', share: 26 },
        ],
        judged.map(({ id, title, framework, asks, state, findings: said, beyond }) => [
          { text: `${id}: ${title}`, note: `${asks} (${framework})` },
          { text: state, tone: CONTROL_TONES[state] },
          {
            text:
              said.length === 0
                ? 'muster speaks to nothing of it.'
                : said.map(({ isGap, says }) => (isGap ? `GAP: ${says}` : says)).join('\n'),
          },
          { text: beyond },
        ]),
      ),
      {
        kind: 'text',
        text: 'What is shown here speaks to these controls; it fulfils none of them by itself. They are told in our own words, as we read them. That is no legal advice; read the texts themselves.',
      },
    ],
  };
}

function coverage({ coverage: all }: PeriodReport): Section {
  const row = (one: Coverage): Cell[] => [
    { text: one.title, note: [one.runbook, one.owner].filter((part) => part !== undefined).join(' · ') },
    { text: one.state, tone: COVERAGE_TONES[one.state] },
    {
      text: `every ${durationText(one.intervalMs)}`,
      ...(one.isYearAssumed ? { note: 'it promises no interval; a year is taken' } : {}),
    },
    { text: String(one.drills) },
    {
      text: one.lastGood === undefined ? 'never' : dayText(one.lastGood.startedAt),
      ...(one.lastGood === undefined ? {} : { note: one.lastGood.runId }),
    },
    { text: one.dueAt === undefined ? 'now' : dayText(one.dueAt) },
  ];
  return {
    id: 'coverage',
    title: 'Coverage',
    blocks: [
      tableOr(
        'No runbook is known.',
        'Which runbooks were drilled within their interval; what is missing first',
        [
          { label: 'Runbook', share: 30 },
          { label: 'State', share: 11 },
          { label: 'Interval', share: 17 },
          { label: 'Drills', share: 8, align: 'right' },
          { label: 'Last that ended well', share: 22 },
          { label: 'Next due', share: 12 },
        ],
        all.map(row),
      ),
    ],
  };
}

function runs({ runs: all }: PeriodReport): Section {
  const measure = ({ verdict, achievedMs, targetMs }: PeriodRun['rto']): Cell => ({
    text: achievedMs === undefined ? verdictText(verdict) : durationText(achievedMs),
    tone: toneOf(verdict),
    ...(targetMs === undefined ? {} : { note: `of ${durationText(targetMs)}` }),
  });
  return {
    id: 'runs',
    title: 'Drills and live runs',
    blocks: [
      tableOr(
        'There was no run.',
        'Every run of the period, oldest first',
        [
          { label: 'Run', share: 30 },
          { label: 'Outcome', share: 13 },
          { label: 'Started', share: 20 },
          { label: 'Took', share: 10, align: 'right' },
          { label: 'RTO', share: 10 },
          { label: 'RPO', share: 10 },
          { label: 'Findings', share: 10, align: 'right' },
        ],
        all.map((run) => [
          { text: run.title, note: `${run.runId} · ${run.mode}, ${run.purpose}` },
          { text: run.state, tone: toneOf(run.state) },
          { text: momentText(run.startedAt), note: `by ${run.starter}` },
          { text: run.endedAt === undefined ? '-' : durationText(run.endedAt - run.startedAt) },
          measure(run.rto),
          measure(run.rpo),
          { text: String(run.findings) },
        ]),
      ),
    ],
  };
}

function findings({ findings: found, repair }: PeriodReport): Section {
  return {
    id: 'findings',
    title: 'Findings and their repair',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Raised', value: String(repair.raised) },
          { label: 'Closed', value: String(repair.closed) },
          { label: 'Open', value: String(repair.open) },
          {
            label: 'Overdue',
            value: String(repair.overdue),
            ...(repair.overdue > 0 ? { tone: 'bad' as const } : {}),
          },
          { label: 'Without an owner', value: String(repair.withoutOwner) },
          {
            label: 'From finding to repair',
            value: `${durationText(repair.meanMs)}${repair.meanMs === undefined ? '' : ' on average'}`,
          },
        ],
      },
      findingsTable(found, 'There are no findings.'),
    ],
  };
}

function about({ madeAt, from, to, checkpoint }: PeriodReport): Section {
  return {
    id: 'about',
    title: 'This report, and how to check it',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'From', value: momentText(from) },
          { label: 'To, not included', value: momentText(to) },
          { label: 'Report made', value: momentText(madeAt) },
          ...(checkpoint === undefined
            ? []
            : [
                { label: 'Ledger', value: checkpoint.origin },
                { label: 'Entries in it', value: String(checkpoint.size) },
                { label: 'Checkpoint root', value: checkpoint.root },
              ]),
        ],
      },
      {
        kind: 'text',
        text: 'The evidence bundle of each run proves what is said of it: muster evidence export RUN. "Ended well" means with warnings or without.',
      },
    ],
  };
}
