import { CONTROLS, type EvidenceKind } from './controls.ts';
import { isGood } from './coverage.ts';
import type {
  ControlState,
  Coverage,
  JudgedControl,
  JudgedEvidence,
  PeriodReport,
  PeriodRun,
} from './period-types.ts';
import { countText } from './words.ts';

/** What controls are judged by. */
export type Judged = Pick<PeriodReport, 'runs' | 'coverage' | 'repair' | 'reviews'>;

const ORDER: readonly ControlState[] = ['gap', 'evidence', 'outside'];
/** More names than this nobody reads in a table; the sections below have all. */
const MAX_NAMES = 5;

/** Every control with what the evidence says of it, gaps first. */
export function judgedControls(judged: Judged): JudgedControl[] {
  const controls = CONTROLS.map((control): JudgedControl => {
    const findings = control.evidence
      .map((kind): JudgedEvidence => ({ kind, ...EVIDENCE[kind](judged) }))
      .sort((a, b) => Number(b.isGap) - Number(a.isGap));
    const state =
      findings.length === 0 ? 'outside' : findings.some(({ isGap }) => isGap) ? 'gap' : 'evidence';
    return { ...control, state, findings };
  });
  return controls.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

type Judgement = Omit<JudgedEvidence, 'kind'>;

const EVIDENCE: Readonly<Record<EvidenceKind, (judged: Judged) => Judgement>> = {
  drilled({ coverage }) {
    if (coverage.length === 0) return gap('No runbook is known.');
    const late = coverage.filter(({ state }) => state !== 'drilled');
    if (late.length === 0) {
      return shown(`Every runbook was drilled within its interval (${coverage.length} in all).`);
    }
    const names = namesOf(late.map((one: Coverage) => `${one.runbook} (${one.state})`));
    return gap(`Not drilled in time: ${names} (${late.length} of ${coverage.length}).`);
  },
  timed: ({ runs }) => measured(runs, 'rto', 'recovery time'),
  aged: ({ runs }) => measured(runs, 'rpo', 'recovery point'),
  switched({ runs }) {
    const moved = runs.filter((run) => run.isSwitched && isGood(run));
    return moved.length === 0
      ? gap('No run of the period moved or restored a system and ended well.')
      : shown(`${countText(moved.length, 'run')} moved or restored systems and ended well.`);
  },
  checked({ runs }) {
    const moved = runs.filter((run) => run.isSwitched && isGood(run));
    if (moved.length === 0) return gap('Nothing was recovered, so nothing was checked.');
    const blind = moved.filter(({ checks }) => checks === 0);
    return blind.length === 0
      ? shown(`Every run that recovered systems checked them (${moved.length} in all).`)
      : gap(`Recovered without any check: ${runNames(blind)}.`);
  },
  restored({ runs }) {
    const looked = runs.filter(({ mode, isRestored }) => mode === 'drill' && isRestored !== undefined);
    const left = looked.filter(({ isRestored }) => isRestored === false);
    if (looked.length === 0) return gap('No drill touched anything that could be found as it was.');
    return left.length === 0
      ? shown(`Every drill left what it touched as it was (${looked.length} in all).`)
      : gap(`Not left as it was by ${runNames(left)}.`);
  },
  decided({ runs }) {
    const alone = runs.filter(({ brokenGlass }) => brokenGlass > 0);
    const approvals = runs.reduce((sum, run) => sum + run.approvals, 0);
    if (alone.length > 0) return gap(`One person approved alone (break-glass) in ${runNames(alone)}.`);
    return approvals === 0
      ? gap('No run of the period was approved by people.')
      : shown(
          `${countText(approvals, 'approval')} by the rules of the runbooks, each answer kept and signed.`,
        );
  },
  repaired({ repair: { raised, closed, open, overdue, withoutOwner } }) {
    const figures = `${raised} raised, ${closed} closed, ${open} open`;
    if (overdue > 0) return gap(`${countText(overdue, 'finding')} not repaired in time (${figures}).`);
    if (withoutOwner > 0) {
      return gap(`${countText(withoutOwner, 'open finding')} without an owner (${figures}).`);
    }
    return shown(`No finding is overdue or without an owner (${figures}).`);
  },
  reviewed({ reviews }) {
    const last = reviews.at(-1);
    if (last === undefined) {
      return gap('No report of the period, or of a run in it, was reviewed and signed.');
    }
    return shown(`${countText(reviews.length, 'signed review')}, the last by ${last.person}.`);
  },
  sealed({ runs }) {
    const open = runs.filter(({ isSealed, endedAt }) => !isSealed && endedAt !== undefined);
    if (runs.length === 0) return gap('There was no run to seal.');
    return open.length === 0
      ? shown(`Every run that has ended is sealed in the ledger (${runs.length} in all).`)
      : gap(`Not sealed in the ledger: ${runNames(open)}.`);
  },
};

function measured(runs: readonly PeriodRun[], which: 'rto' | 'rpo', name: string): Judgement {
  const promised = runs.filter((run) => run[which].verdict !== 'notPromised' && run.endedAt !== undefined);
  if (promised.length === 0) return gap(`No run of the period had an objective for its ${name}.`);
  const missed = promised.filter((run) => run[which].verdict === 'missed');
  const blind = promised.filter((run) => run[which].verdict === 'notMeasured');
  if (missed.length > 0) return gap(`The ${name} objective was missed by ${runNames(missed)}.`);
  if (blind.length > 0) return gap(`The ${name} was promised and not measured in ${runNames(blind)}.`);
  return shown(`The ${name} objective was met by ${countText(promised.length, 'run')}.`);
}

function gap(says: string): Judgement {
  return { isGap: true, says };
}

function shown(says: string): Judgement {
  return { isGap: false, says };
}

function runNames(runs: readonly PeriodRun[]): string {
  return namesOf(runs.map(({ runId }) => runId));
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
