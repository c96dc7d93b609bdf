import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ListedFinding } from '../../client/index.ts';
import { SEVERITIES } from '../../model/findings.ts';
import { CliError } from '../cli-error.ts';
import { command, type AnyCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { findingLines, oneFindingLines } from '../render/written-findings.ts';
import { said, timeOf } from '../time-option.ts';

const ID = { id: { says: 'id of a finding, as `finding list` shows it' } } as const;
const DIGEST = /^(?:sha256:)?([0-9a-f]{64})$/;

function shown(finding: ListedFinding, context: CliContext): ExitCode {
  answer(context, { value: finding, text: () => oneFindingLines(inertValue(finding)).join('\n') });
  return EXIT.ok;
}

const findingList = command({
  name: 'finding list',
  summary: 'List what was found, the worst first.',
  args: {},
  options: {
    run: { flags: '--run <run>', says: 'of one run' },
    open: { flags: '--open', says: 'only those that are not closed' },
    overdue: { flags: '--overdue', says: 'only those whose date has passed' },
    as: AS,
  },
  examples: [
    'finding list --open',
    'finding list --run dr-drill-20250131-k7m2qz',
    'finding list --overdue --json',
  ],
  async run({ options: { run, open, overdue, as }, context }) {
    const muster = await context.muster(as);
    const list = await muster.findings.list({
      ...(run !== undefined && { runId: run }),
      state: overdue ? 'overdue' : open ? 'open' : 'all',
    });
    answer(context, { value: list, text: () => findingLines(inertValue(list)).join('\n') });
    return EXIT.ok;
  },
});

const findingShow = command({
  name: 'finding show',
  summary: 'Show a finding with all that has happened to it.',
  args: ID,
  options: { as: AS },
  examples: ['finding show fd-1a2b3c4d'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    return shown(await muster.findings.find(args.id), context);
  },
});

const findingRaise = command({
  name: 'finding raise',
  summary: 'Raise a finding by hand.',
  details:
    'Warnings, steps that were left out, deviations, missed objectives and missed schedules are raised by themselves.',
  args: { text: { says: 'what was found' } },
  options: {
    severity: {
      flags: '--severity <severity>',
      says: 'high: in an emergency this would have failed; medium: it needed people; low: look at it',
      choices: SEVERITIES,
      default: 'medium',
    },
    run: { flags: '--run <run>', says: 'the run that it was found in' },
    step: { flags: '--step <path>', says: 'the step of it' },
    runbook: { flags: '--runbook <name>', says: 'the runbook, where no run is named' },
    as: AS,
  },
  examples: ['finding raise "The phone list is out of date." --run dr-drill-20250131-k7m2qz --as NAME'],
  async run({ args, options: { severity, run, step, runbook, as }, context }) {
    const { muster } = await musterAs(as, context);
    const raised = await muster.findings.raise({
      text: args.text,
      severity,
      ...(run !== undefined && { runId: run }),
      ...(step !== undefined && { path: step }),
      ...(runbook !== undefined && { runbook }),
    });
    return shown(raised, context);
  },
});

const findingAssign = command({
  name: 'finding assign',
  summary: 'Say who repairs a finding, until when, or how bad it is.',
  args: ID,
  options: {
    owner: { flags: '--owner <name>', says: 'id of a person, as `people` shows it' },
    due: {
      flags: '--due <time>',
      says: 'until when: a day such as 2026-03-31, 30d from now, or a time with its zone',
    },
    severity: { flags: '--severity <severity>', says: 'how bad it is', choices: SEVERITIES },
    as: AS,
  },
  examples: ['finding assign fd-1a2b3c4d --owner boris --due 2026-03-31 --as NAME'],
  async run({ args, options: { owner, due, severity, as }, context }) {
    const { muster } = await musterAs(as, context);
    const assigned = await muster.findings.assign({
      id: args.id,
      ...(owner !== undefined && { owner }),
      ...(due !== undefined && { dueAt: dueOf(due, context.now()) }),
      ...(severity !== undefined && { severity }),
    });
    return shown(assigned, context);
  },
});

const findingRepair = command({
  name: 'finding repair',
  summary: 'Say what is done about a finding.',
  args: { ...ID, text: { says: 'what is done' } },
  options: { as: AS },
  examples: ['finding repair fd-1a2b3c4d "The heartbeat check waits 10 minutes now." --as NAME'],
  async run({ args, options, context }) {
    const { muster } = await musterAs(options.as, context);
    return shown(await muster.findings.repair({ id: args.id, text: args.text }), context);
  },
});

const findingClose = command({
  name: 'finding close',
  summary: 'Close a finding that was repaired, with what proves it.',
  details:
    'Who closes it is neither who owns it nor who repaired it. A run proves it when it was started after the finding and ' +
    'ended well. Of a file only its SHA-256 is kept: put the file itself where it stays, or into a note.',
  args: ID,
  options: {
    evidence: {
      flags: '--evidence <proof>',
      says: 'id of a run, a file, or the SHA-256 of a file; again for several',
      many: true,
    },
    comment: { flags: '--comment <text>', says: 'what was looked at' },
    as: AS,
  },
  examples: [
    'finding close fd-1a2b3c4d --evidence dr-drill-20250228-x1y2z3 --as NAME',
    'finding close fd-1a2b3c4d --evidence test-protocol.pdf --comment "as in the protocol" --as NAME',
  ],
  async run({ args, options: { evidence, comment, as }, context }) {
    if (evidence.length === 0) {
      throw new CliError('cli.usage', '--evidence is missing.', {
        hint: 'Name what proves the repair: a run, or a file.',
      });
    }
    const { muster } = await musterAs(as, context);
    const proof = await Promise.all(evidence.map((one) => proofOf(one, context)));
    const closed = await muster.findings.close({
      id: args.id,
      evidence: proof,
      ...(comment !== undefined && { comment }),
    });
    return shown(closed, context);
  },
});

const findingReopen = command({
  name: 'finding reopen',
  summary: 'Open a finding again that was not repaired after all.',
  args: ID,
  options: { reason: { flags: '--reason <text>', says: 'why' }, as: AS },
  examples: ['finding reopen fd-1a2b3c4d --reason "it happened again" --as NAME'],
  async run({ args, options, context }) {
    const reason = said('--reason', options.reason, 'Say why it is not repaired.');
    const { muster } = await musterAs(options.as, context);
    return shown(await muster.findings.reopen({ id: args.id, reason }), context);
  },
});

/** Every command about findings, in the order of the help. */
export const FINDING_COMMANDS: readonly AnyCommand[] = [
  findingList,
  findingShow,
  findingRaise,
  findingAssign,
  findingRepair,
  findingClose,
  findingReopen,
];

/** Until the end of a day, in UTC. */
function dueOf(text: string, now: number): number {
  return timeOf('--due', /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text, now);
}

/** The SHA-256 of a file that is here; whatever else it is, the server says whether it proves something. */
async function proofOf(text: string, { cwd }: Pick<CliContext, 'cwd'>): Promise<string> {
  const digest = DIGEST.exec(text)?.[1];
  if (digest !== undefined) return digest;
  const bytes = await readFile(resolve(cwd, text)).catch(() => undefined);
  return bytes === undefined ? text : createHash('sha256').update(bytes).digest('hex');
}
