import type { ClockStart, RecoveryPoint, RecoveryTime } from '../../model/objectives.ts';
import type { RestorePoint } from '../../model/restore-points.ts';
import type { StepTime } from '../../model/step-times.ts';
import { tableOr, type Block, type Cell } from './document.ts';
import type { RunReport } from './report-types.ts';
import { durationText, momentText, toneOf, verdictText } from './words.ts';

const STARTS: Readonly<Record<ClockStart, string>> = {
  declared: 'from the declared loss',
  lost: 'from the step that is marked lost',
  start: 'from the start of the run',
  command: 'from the first command on production',
};
/** Steps that took longest; the table of steps has all. */
const MAX_STEPS = 15;
const MAX_POINTS = 40;

const OBJECTIVE_COLUMNS = [
  { label: 'Objective', share: 30 },
  { label: 'Achieved', share: 16, align: 'right' },
  { label: 'Without people', share: 18, align: 'right' },
  { label: 'Target', share: 16, align: 'right' },
  { label: 'Verdict', share: 20 },
] as const;

/** What was achieved against what is promised, for the run and for each application. */
export function objectiveBlocks({ objectives, run }: RunReport): Block[] {
  const { declaredAt, rto, rpo, applications, restorePoints } = objectives;
  const [only] = applications;
  // Of one application everything is said with the run.
  const which = only === undefined || applications.length > 1 ? 'the run' : only.application;
  const rows = [
    rtoRow(`Recovery time of ${which}`, rto),
    rpoRow(`Recovery point of ${which}`, rpo),
    ...(applications.length > 1 ? applications : []).flatMap((one) => [
      rtoRow(`Recovery time of ${one.application}`, one.rto),
      rpoRow(`Recovery point of ${one.application}`, one.rpo),
    ]),
  ];
  const before = declaredAt === undefined ? undefined : run.startedAt - declaredAt;
  return [
    { kind: 'table', caption: 'Objectives, achieved and promised', columns: OBJECTIVE_COLUMNS, rows },
    ...(declaredAt === undefined || before === undefined
      ? []
      : [
          {
            kind: 'text',
            text: `The loss was declared for ${momentText(declaredAt)}; the run was started ${durationText(before)} later.`,
          } as const,
        ]),
    { kind: 'heading', text: 'Restore points' },
    tableOr(
      'Nothing is known of the restore points that were used.',
      'Restore points, oldest first',
      [
        { label: 'Machine', share: 30 },
        { label: 'Made', share: 30 },
        { label: 'Known from', share: 40 },
      ],
      restorePoints.slice(0, MAX_POINTS).map(pointRow),
    ),
  ];
}

function rtoRow(name: string, rto: RecoveryTime): Cell[] {
  return [
    { text: name, note: STARTS[rto.fromIs] },
    { text: rto.achievedMs === undefined ? 'not recovered' : durationText(rto.achievedMs) },
    { text: durationText(rto.withoutPeopleMs) },
    { text: durationText(rto.targetMs) },
    { text: verdictText(rto.verdict), tone: toneOf(rto.verdict) },
  ];
}

function rpoRow(name: string, { achievedMs, targetMs, verdict, points }: RecoveryPoint): Cell[] {
  return [
    {
      text: name,
      note:
        points === 0
          ? 'no restore point is known'
          : achievedMs === 0
            ? 'every restore point was made after the loss'
            : 'age of the oldest restore point at the loss',
    },
    { text: achievedMs === undefined ? 'not known' : durationText(achievedMs) },
    { text: '-' },
    { text: durationText(targetMs) },
    { text: verdictText(verdict), tone: toneOf(verdict) },
  ];
}

const SYSTEMS = { vro: 'the Orchestrator', vbr: 'Backup & Replication', one: 'Veeam ONE' } as const;

function pointRow({ machine, madeAt, how, knownFrom, path, usedBy }: RestorePoint): Cell[] {
  const used = usedBy.length === 0 ? '' : `, used by ${usedBy.join(', ')}`;
  return [
    { text: machine ?? 'the oldest of several' },
    { text: momentText(madeAt) },
    {
      text: how === 'named' ? 'people named it' : `the newest that ${SYSTEMS[knownFrom]} knew`,
      note: `step ${path}${used}`,
    },
  ];
}

/** Where the time went: steps, blocks, groups and machines of plans, people. */
export function timeBlocks({ time }: RunReport): Block[] {
  const { totalMs, waitedForPeopleMs, steps, blocks, groups, machines, answers } = time;
  const longest = [...steps].sort((a, b) => b.tookMs - a.tookMs).slice(0, MAX_STEPS);
  const server = [
    ...groups.map((one) => ({ ...one, kind: 'group' })),
    ...machines.map((one) => ({ ...one, kind: 'machine' })),
  ];
  return [
    {
      kind: 'facts',
      facts: [
        { label: 'In all', value: durationText(totalMs) },
        { label: 'People were waited for', value: durationText(waitedForPeopleMs) },
        { label: 'Without people', value: durationText(Math.max(0, totalMs - waitedForPeopleMs)) },
      ],
    },
    timesTable('Steps that took longest', 'No step has ended.', longest),
    ...(blocks.length === 0 ? [] : [timesTable('Blocks, branches, loops and runbooks', '', blocks)]),
    ...(server.length === 0
      ? []
      : [
          tableOr(
            '',
            'Groups and machines, by the clock of the server',
            [
              { label: 'Name', share: 50 },
              { label: 'What', share: 20 },
              { label: 'Took', share: 30, align: 'right' },
            ],
            server.map(({ name, kind, tookMs, path }) => [
              { text: name, note: path },
              { text: kind },
              { text: durationText(tookMs) },
            ]),
          ),
        ]),
    ...(answers.length === 0
      ? []
      : [
          tableOr(
            '',
            'How long people took to answer',
            [
              { label: 'Gate', share: 35 },
              { label: 'Who', share: 25 },
              { label: 'Answer', share: 20 },
              { label: 'After', share: 20, align: 'right' },
            ],
            answers.map((answer) => [
              { text: answer.path },
              { text: answer.for === undefined ? answer.person : `${answer.person} for ${answer.for}` },
              { text: answer.decision },
              { text: durationText(answer.afterMs) },
            ]),
          ),
        ]),
  ];
}

function timesTable(caption: string, none: string, times: readonly StepTime[]): Block {
  return tableOr(
    none,
    caption,
    [
      { label: 'Step', share: 50 },
      { label: 'Took', share: 25, align: 'right' },
      { label: 'Of it for people', share: 25, align: 'right' },
    ],
    times.map(({ path, title, tookMs, waitedForPeopleMs }) => [
      { text: title, note: path },
      { text: durationText(tookMs) },
      { text: waitedForPeopleMs === 0 ? '-' : durationText(waitedForPeopleMs) },
    ]),
  );
}
