import type { EvidenceFinding, EvidenceNote, EvidenceReview } from '../ledger/index.ts';
import type { JsonObject } from '../model/json.ts';
import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { Stores } from '../store/index.ts';

/**
 * What people wrote down about a run, what was found, and how its report was reviewed, as far as these entries speak of it:
 * what comes meanwhile belongs to the next bundle.
 */
export async function writtenDown(
  stores: Pick<Stores, 'notes' | 'findings' | 'reviews' | 'contents'>,
  run: string,
  entries: readonly LedgerEntry[],
): Promise<{
  readonly notes: readonly EvidenceNote[];
  readonly findings: readonly EvidenceFinding[];
  readonly reviews: readonly EvidenceReview[];
}> {
  const entered = new Set(
    entries.flatMap((entry) => {
      if (entry.kind === 'finding') return [`${entry.id}/${entry.number}`];
      return entry.kind === 'note' || entry.kind === 'review' ? [entry.id] : [];
    }),
  );
  const [notes, findings, reviews] = await Promise.all([
    stores.notes.ofRun(run),
    stores.findings.versions(run),
    stores.reviews.ofRun(run),
  ]);
  return {
    notes: await Promise.all(
      notes
        .filter(({ id }) => entered.has(id))
        .map(async ({ id, text, attachment }) => ({
          id,
          text,
          ...(attachment !== undefined && { attachments: [await stores.notes.file(attachment.digest)] }),
        })),
    ),
    findings: findings
      .filter(({ id, number }) => entered.has(`${id}/${number}`))
      .map(({ id, number, document }) => ({ id, number, finding: JSON.parse(document) as JsonObject })),
    reviews: await Promise.all(
      reviews
        .filter(({ id }) => entered.has(id))
        .map(async ({ id, jws, reportDigest }) => ({
          id,
          jws,
          report: await stores.contents.get(reportDigest),
        })),
    ),
  };
}
