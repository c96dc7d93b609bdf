import { randomUUID } from 'node:crypto';
import { assertMay, signReview, type VoteKeys } from '../identity/index.ts';
import type { ReportDocument } from '../ledger/report/document.ts';
import { reportHtml } from '../ledger/report/html.ts';
import { reportPdf } from '../ledger/report/pdf.ts';
import { periodDocument } from '../ledger/report/period-document.ts';
import { runDocument } from '../ledger/report/run-document.ts';
import { rolesEverywhere, rolesFor, type Actor } from '../model/actor.ts';
import type { ReviewClaims } from '../model/findings.ts';
import { canonicalJson } from '../model/json.ts';
import { MusterError } from './errors.ts';
import type { Period, Reports, ReviewRequest } from './finding-requests.ts';
import { isOver, type ReportFormat } from './muster.ts';
import { reportOfPeriod, type PeriodParts } from './period.ts';
import { reportableRun, reportOfRun } from './run-reports.ts';
import { isTyped } from './typed-text.ts';

/** What reports are made and reviewed with. */
export interface ReportParts extends PeriodParts {
  readonly actor: () => Promise<Actor>;
  /** Sign reviews. */
  readonly keys: VoteKeys;
}

/** A review says what somebody makes of a report; more is a finding, or a note. */
const MAX_COMMENT = 4_000;

/** Reports of runs and of periods, and what people make of them. */
export function createReports(parts: ReportParts): Reports {
  const { stores, actor: actorNow, keys, now } = parts;

  const readable = async (runId: string) => {
    const actor = await actorNow();
    const run = await reportableRun(runId, parts);
    assertMay(actor, 'evidence.read', { runbook: run.runbook });
    return { actor, run };
  };
  const periodFor = async (period: Period) => {
    const actor = await actorNow();
    // No runbook is named: it takes a role for all of them.
    assertMay(actor, 'evidence.read');
    return { actor, report: await reportOfPeriod(period, parts) };
  };

  /** What is reviewed, and by whom. */
  const reviewed = async (of: ReviewRequest['of']) => {
    if (!('runId' in of)) {
      const actor = await actorNow();
      assertMay(actor, 'report.review');
      const { report } = await periodFor(of);
      const { from, to } = report;
      return { actor, report, about: { from, to }, roles: rolesEverywhere(actor.grants) };
    }
    const { actor, run } = await readable(of.runId);
    const { runbook } = run;
    assertMay(actor, 'report.review', { runbook });
    if ('view' in run && !isOver(run.view)) {
      throw new MusterError(
        'evidence.runOpen',
        `${of.runId} goes on; its report is reviewed when it has ended.`,
      );
    }
    const report = await reportOfRun(run, parts);
    const { runId, firstExecutionId } = report.run;
    return { actor, report, about: { run: firstExecutionId, runId }, roles: rolesFor(actor.grants, runbook) };
  };

  return {
    async report({ runId, format }) {
      const { run } = await readable(runId);
      const report = await reportOfRun(run, parts);
      return inFormat(report, format, () => runDocument(report));
    },

    async periodReport({ format, ...period }) {
      const { report } = await periodFor(period);
      return inFormat(report, format, () => periodDocument(report));
    },

    async review({ of, decision, comment: said }) {
      const comment = said.trim();
      if (comment === '' || comment.length > MAX_COMMENT || !isTyped(comment)) {
        throw new MusterError(
          'report.refused',
          `A review says in words what somebody makes of the report, in 1 to ${MAX_COMMENT} characters.`,
        );
      }
      const { actor, report, about, roles } = await reviewed(of);
      const reportDigest = await stores.contents.put(canonicalJson(report));
      const claims: ReviewClaims = {
        id: `rv-${randomUUID().slice(0, 13)}`,
        ...about,
        reportDigest,
        decision,
        comment,
        person: actor.person,
        roles,
        assurance: actor.assurance,
        iat: Math.floor(now() / 1_000),
      };
      const review = { ...claims, jws: await signReview(keys, claims) };
      if ((await stores.reviews.add(review)) === 'tooMuch') {
        throw new MusterError(
          'report.refused',
          'The review was not kept: a run has at most 100. Write a note about the run.',
        );
      }
      return review;
    },
  };
}

async function inFormat(
  report: object,
  format: ReportFormat,
  document: () => ReportDocument,
): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`, 'utf8');
    case 'html':
      return Buffer.from(reportHtml(document()), 'utf8');
    case 'pdf':
      return reportPdf(document());
  }
}
