import { z } from 'zod';
import {
  FINDING_CHANGES,
  FINDING_SOURCES,
  RAISED_BY_ITSELF,
  SEVERITIES,
  type Finding,
  type FindingChange,
} from '../../model/findings.ts';
import { canonicalJson } from '../../model/json.ts';
import type { FindingStore, NewFinding } from '../finding-contracts.ts';
import type { Database, Queries } from './database.ts';
import { entered, type Enter } from './ledger.ts';
import { findingChanged } from './ledger-entries.ts';
import { at, storable, time } from './values.ts';

const text = z.string();
const maybe = text.exactOptional();
const ms = z.number();

const document = z.strictObject({
  id: text,
  runId: maybe,
  runbook: maybe,
  path: maybe,
  raisedBy: z.enum(FINDING_SOURCES),
  raisedAt: ms,
  raisedByPerson: maybe,
  text,
  severity: z.enum(SEVERITIES),
  owner: maybe,
  dueAt: ms.exactOptional(),
  repair: maybe,
  closedAt: ms.exactOptional(),
  closedBy: maybe,
  closingEvidence: z.array(text).exactOptional(),
}) satisfies z.ZodType<Omit<Finding, 'history'>>;

const findingRow = z.object({ run: text.nullable(), finding: document });
const changeRow = z
  .object({
    finding: text,
    changed_at: time,
    changed_by: text,
    what: z.enum(FINDING_CHANGES),
    body: text.nullable(),
  })
  .transform(({ finding, changed_at, changed_by, what, body }) => ({
    finding,
    change: { at: changed_at, by: changed_by, what, ...(body === null ? {} : { text: body }) },
  }));
const versionRow = z.object({ finding: text, number: z.number(), document: text });

/** Keeps findings that are new, within whatever else is done. */
export async function raiseIn(
  queries: Queries,
  enter: Enter,
  findings: readonly NewFinding[],
): Promise<void> {
  for (const { finding, run } of findings) {
    const { id, runId, raisedAt, closedAt, raisedByPerson } = finding;
    const added = await queries.run(
      `INSERT INTO findings (id, run, run_id, raised_at, closed_at, finding) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [id, run ?? null, runId ?? null, at(raisedAt), atOrNull(closedAt), JSON.stringify(finding)],
    );
    if (added === 0) continue;
    const change = { at: raisedAt, by: raisedByPerson ?? RAISED_BY_ITSELF, what: 'raised' } as const;
    await remember(queries, enter, { finding, run, number: 0, change });
  }
}

/** Findings and their changes, in the tables `findings` and `finding_changes`. */
export function postgresFindings(database: Database): FindingStore {
  const list = async (queries: Queries, where: string, values: readonly unknown[]): Promise<Finding[]> => {
    const found = await queries.rows(
      findingRow,
      `SELECT run, finding FROM findings WHERE ${where} ORDER BY raised_at, id`,
      values,
    );
    const changes = await queries.rows(
      changeRow,
      `SELECT finding, changed_at, changed_by, what, body FROM finding_changes
       WHERE finding = ANY($1) ORDER BY finding, number`,
      [found.map(({ finding }) => finding.id)],
    );
    const histories = new Map<string, FindingChange[]>(found.map(({ finding }) => [finding.id, []]));
    for (const { finding, change } of changes) histories.get(finding)?.push(change);
    return found.map(({ finding }) => ({ ...finding, history: histories.get(finding.id) ?? [] }));
  };
  return {
    raise: (findings) => entered(database, (queries, enter) => raiseIn(queries, enter, findings)),
    list: ({ runId, open = false } = {}) =>
      list(database, '($1::text IS NULL OR run_id = $1) AND (NOT $2 OR closed_at IS NULL)', [
        runId ?? null,
        open,
      ]),
    async find(id) {
      const [found] = await list(database, 'id = $1', [id]);
      return found;
    },
    change: (id, decide) =>
      entered(database, async (queries, enter) => {
        const [held] = await queries.rows(
          findingRow,
          'SELECT run, finding FROM findings WHERE id = $1 FOR UPDATE',
          [id],
        );
        if (held === undefined) return undefined;
        const [before] = await list(queries, 'id = $1', [id]);
        if (before === undefined) return undefined;
        const { finding, changes } = decide(before);
        await queries.run('UPDATE findings SET closed_at = $2, finding = $3 WHERE id = $1', [
          id,
          atOrNull(finding.closedAt),
          JSON.stringify(finding),
        ]);
        for (const [index, change] of changes.entries()) {
          const number = before.history.length + index;
          await remember(queries, enter, { finding, run: held.run ?? undefined, number, change });
        }
        return { ...finding, history: [...before.history, ...changes] };
      }),
    async versions(run) {
      const found = await database.rows(
        versionRow,
        `SELECT c.finding, c.number, c.document FROM finding_changes AS c JOIN findings AS f ON f.id = c.finding
         WHERE f.run = $1 ORDER BY c.finding, c.number`,
        [run],
      );
      return found.map(({ finding: id, ...version }) => ({ id, ...version }));
    },
  };
}

async function remember(
  queries: Queries,
  enter: Enter,
  {
    finding,
    run,
    number,
    change,
  }: {
    readonly finding: Omit<Finding, 'history'>;
    readonly run: string | undefined;
    readonly number: number;
    readonly change: FindingChange;
  },
): Promise<void> {
  const body = canonicalJson(finding);
  await queries.run(
    `INSERT INTO finding_changes (finding, number, changed_at, changed_by, what, body, document)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [finding.id, number, at(change.at), change.by, change.what, storable(change.text), body],
  );
  enter(findingChanged({ finding, document: body, number, change, ...(run === undefined ? {} : { run }) }));
}

function atOrNull(moment: number | undefined): Date | null {
  return moment === undefined ? null : at(moment);
}
