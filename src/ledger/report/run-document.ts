import { REFUSALS } from '../../model/vote.ts';
import { comparisonSections } from './comparison-section.ts';
import { tableOr, type Block, type ReportDocument, type Section } from './document.ts';
import { findingsTable } from './findings-table.ts';
import { ganttOf } from './gantt.ts';
import { gateBlocks } from './gate-blocks.ts';
import { objectiveBlocks, timeBlocks } from './objective-blocks.ts';
import type { RunReport } from './report-types.ts';
import { reviewSection } from './review-section.ts';
import { countText, dayText, durationText, momentText, stampText, toneOf } from './words.ts';

/** The report of a run as people read it: the verdict first, then what it rests on. */
export function runDocument(report: RunReport): ReportDocument {
  const { run, verdict, madeAt, checkpoint } = report;
  const root = checkpoint === undefined ? 'not sealed' : `root ${checkpoint.root}`;
  return {
    title: run.title,
    subtitle: `Report of the ${run.mode === 'drill' ? 'drill' : 'live run'} ${run.runId}, ${dayText(run.startedAt)}`,
    madeAt,
    footer: `${run.runId} · ${root}`,
    verdict: { tone: verdict.tone, word: verdict.state, says: verdict.says },
    sections: [
      { id: 'objectives', title: 'Objectives', blocks: objectiveBlocks(report) },
      timeline(report),
      steps(report),
      { id: 'gates', title: 'Gates: who decided what', blocks: gateBlocks(report) },
      refusals(report),
      warnings(report),
      deviations(report),
      notes(report),
      findings(report),
      reviewSection(report.reviews, 'Nobody has reviewed this report.'),
      ...comparisonSections(report),
      { id: 'times', title: 'Where the time went', blocks: timeBlocks(report) },
      about(report),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

function timeline(report: RunReport): Section {
  const gantt = ganttOf(report);
  const blocks: Block[] =
    gantt === undefined ? [{ kind: 'text', text: 'No step has begun.' }] : [{ kind: 'gantt', gantt }];
  return { id: 'timeline', title: 'Timeline', blocks };
}

function steps({ steps: tried, notRun, run }: RunReport): Section {
  const rows = tried.map(({ path, title, uses, outcome, state, startedAt, endedAt, says, target }) => [
    { text: title, note: [path, uses, target].filter((part) => part !== undefined).join(' · ') },
    { text: outcome ?? state, tone: toneOf(outcome) },
    { text: startedAt === undefined ? '-' : stampText(startedAt - run.startedAt) },
    {
      text:
        startedAt === undefined || endedAt === undefined
          ? '-'
          : durationText(Math.max(0, endedAt - startedAt)),
    },
    { text: says.join('\n') },
  ]);
  return {
    id: 'steps',
    title: 'Steps',
    blocks: [
      tableOr(
        'No step has begun.',
        'Steps that were tried, in the order of the runbook',
        [
          { label: 'Step', share: 30 },
          { label: 'Outcome', share: 12 },
          { label: 'Start', share: 12, align: 'right' },
          { label: 'Took', share: 11, align: 'right' },
          { label: 'What is to be said', share: 35 },
        ],
        rows,
      ),
      { kind: 'heading', text: 'What did not run, and why' },
      tableOr(
        'Every step of the runbook ran.',
        'Steps that did not run, and why',
        [
          { label: 'Step', share: 45 },
          { label: 'Why', share: 55 },
        ],
        notRun.map(({ title, path, why }) => [{ text: title, note: path }, { text: why }]),
      ),
    ],
  };
}

function refusals({ refusals: { total, latest } }: RunReport): Section {
  if (total === 0) return { id: 'refusals', title: 'Answers that did not count', blocks: [] };
  const rows = latest.map(({ at, gate, claimedPerson, refusal, detail }) => [
    { text: momentText(at) },
    { text: gate ?? '-' },
    { text: claimedPerson ?? 'not known' },
    { text: REFUSALS[refusal], ...(detail === undefined ? {} : { note: detail }) },
  ]);
  return {
    id: 'refusals',
    title: 'Answers that did not count',
    blocks: [
      {
        kind: 'text',
        text: `${countText(total, 'answer')} did not count; who gave them is what they claim.`,
      },
      tableOr(
        'They are not listed here.',
        'Answers that did not count, newest first',
        [
          { label: 'When', share: 22 },
          { label: 'Gate', share: 18 },
          { label: 'Said to be of', share: 18 },
          { label: 'Why not', share: 42 },
        ],
        rows,
      ),
    ],
  };
}

const SERVERS = { vro: 'Orchestrator', vbr: 'Backup & Replication', one: 'Veeam ONE' } as const;

function warnings({ warnings: found }: RunReport): Section {
  const rows = found.map(({ path, system, where, isCritical, says }) => [
    { text: where.join(' / ') === '' ? path : where.join(' / '), note: `${SERVERS[system]}, step ${path}` },
    { text: isCritical ? 'critical' : '', tone: isCritical ? ('bad' as const) : ('plain' as const) },
    { text: says },
  ]);
  return {
    id: 'warnings',
    title: 'Warnings from Veeam',
    blocks: [
      tableOr(
        'The Veeam servers complained of nothing.',
        'What the Veeam servers complained of, in their own words',
        [
          { label: 'Where', share: 38 },
          { label: 'Weight', share: 12 },
          { label: 'In their words', share: 50 },
        ],
        rows,
      ),
    ],
  };
}

function deviations({ deviations: found }: RunReport): Section {
  return {
    id: 'deviations',
    title: 'Deviations',
    blocks: [
      tableOr(
        'The run did what its runbook says.',
        'Where the run departed from its runbook',
        [
          { label: 'Where', share: 20 },
          { label: 'What', share: 34 },
          { label: 'Who', share: 18 },
          { label: 'Why', share: 28 },
        ],
        found.map(({ path, what, by, at, reason }) => [
          { text: path ?? 'the whole run' },
          { text: what },
          { text: by ?? '-', ...(at === undefined ? {} : { note: momentText(at) }) },
          { text: reason ?? '-' },
        ]),
      ),
    ],
  };
}

function notes({ notes: written }: RunReport): Section {
  const blocks = written.map(({ by, at, text, attachment }): Block => {
    const file =
      attachment === undefined
        ? ''
        : `\nAttached: ${attachment.name} (${attachment.bytes} bytes, SHA-256 ${attachment.digest})`;
    return { kind: 'quote', by: `${by}, ${momentText(at)}`, text: `${text}${file}` };
  });
  const none: Block = { kind: 'text', text: 'Nobody has written a note.' };
  return { id: 'notes', title: 'Notes', blocks: blocks.length === 0 ? [none] : blocks };
}

function findings({ findings: found }: RunReport): Section {
  return { id: 'findings', title: 'Findings', blocks: [findingsTable(found, 'The run has no findings.')] };
}

function about({ run, checkpoint, madeAt }: RunReport): Section {
  const { takenOver, cancelled, owner, endedAt } = run;
  return {
    id: 'about',
    title: 'This report, and how to check it',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Run', value: run.runId },
          { label: 'First execution', value: run.firstExecutionId },
          { label: 'Runbook', value: `${run.runbook}, SHA-256 ${run.digest}` },
          ...(owner === undefined ? [] : [{ label: 'Owner', value: owner }]),
          { label: 'Mode and purpose', value: `${run.mode}, ${run.purpose}` },
          { label: 'Started by', value: `${run.starter}, ${momentText(run.startedAt)}` },
          { label: 'Ended', value: endedAt === undefined ? 'not yet' : momentText(endedAt) },
          ...(cancelled === undefined
            ? []
            : [{ label: 'Cancelled by', value: `${cancelled.by}, ${momentText(cancelled.at)}` }]),
          ...(takenOver === undefined
            ? []
            : [{ label: 'Goes on with', value: `${takenOver.runId}, from ${takenOver.from}` }]),
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
        text:
          checkpoint === undefined
            ? 'The ledger had no checkpoint over this run when the report was made: this report alone proves nothing.'
            : `The root stands for every entry of the ledger up to that size. The evidence bundle of the run proves what is said here against it: muster evidence export ${run.runId}`,
      },
    ],
  };
}
