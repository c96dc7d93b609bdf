import type { ReviewClaims, ReviewDecision } from '../../model/findings.ts';
import { tableOr, type Section } from './document.ts';
import { momentText } from './words.ts';

const SPOKEN: Readonly<Record<ReviewDecision, string>> = {
  accepted: 'accepted',
  actionNeeded: 'action needed',
};

/** Who has read earlier reports, and what they made of them, in their own words. */
export function reviewSection(reviews: readonly ReviewClaims[], none: string): Section {
  return {
    id: 'reviews',
    title: 'Management review',
    blocks: [
      tableOr(
        none,
        'Signed reviews of reports, oldest first',
        [
          { label: 'Who', share: 26 },
          { label: 'Decision', share: 14 },
          { label: 'In their words', share: 35 },
          { label: 'Of the report with the SHA-256', share: 25 },
        ],
        reviews.map(({ person, roles, assurance, iat, decision, comment, reportDigest, runId }) => [
          { text: person, note: `${roles.join(', ')}; ${assurance}; ${momentText(iat * 1_000)}` },
          { text: SPOKEN[decision], tone: decision === 'accepted' ? 'good' : 'warn' },
          { text: comment },
          { text: reportDigest, ...(runId === undefined ? {} : { note: `of ${runId}` }) },
        ]),
      ),
    ],
  };
}
