import { randomUUID } from 'node:crypto';
import type { Control } from '../control/index.ts';
import { assertMay, mayDo, type Action, type Identity } from '../identity/index.ts';
import type { Actor } from '../model/actor.ts';
import { bySeverity, stateOfFinding, type Finding, type FindingChange } from '../model/findings.ts';
import { without } from '../model/json.ts';
import type { ChangedFinding, RunStore, Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { AssignRequest, CloseRequest, FindingDesk, ListedFinding } from './finding-requests.ts';
import { runNamed } from './kept-run.ts';
import { isTyped } from './typed-text.ts';

/** What findings are changed with. */
export interface FindingParts {
  readonly control: Pick<Control, 'timelinePage'>;
  readonly stores: Pick<Stores, 'findings' | 'runs'>;
  readonly identity: Pick<Identity, 'person'>;
  readonly actor: () => Promise<Actor>;
  readonly now: () => number;
}

const MAX_TEXT = 2_000;
const DIGEST = /^[0-9a-f]{64}$/;
const MAX_EVIDENCE = 20;

/** The operations on findings, done in this process. */
export function createFindingDesk(parts: FindingParts): FindingDesk {
  const { stores, identity, actor: actorNow, now } = parts;
  const listed = (finding: Finding): ListedFinding => ({ ...finding, state: stateOfFinding(finding, now()) });
  /** A finding of a runbook; one of no runbook concerns all. */
  const concernOf = ({ runbook }: Pick<Finding, 'runbook'>) => (runbook === undefined ? {} : { runbook });

  const found = async (id: string, action: Action): Promise<{ actor: Actor; finding: Finding }> => {
    const actor = await actorNow();
    const finding = await stores.findings.find(id);
    // Whoever may not see it is told so before whether it is there.
    assertMay(actor, action, concernOf(finding ?? {}));
    if (finding === undefined) throw notFound(id);
    return { actor, finding };
  };
  const change = async (
    id: string,
    action: Action,
    decide: (finding: Finding, by: string) => ChangedFinding,
  ): Promise<ListedFinding> => {
    const { actor } = await found(id, action);
    const changed = await stores.findings.change(id, (finding) => decide(finding, actor.person));
    if (changed === undefined) throw notFound(id);
    return listed(changed);
  };

  return {
    async list({ runId, state = 'all' } = {}) {
      const actor = await actorNow();
      const all = await stores.findings.list({
        ...(runId !== undefined && { runId }),
        ...((state === 'open' || state === 'overdue') && { open: true }),
      });
      return all
        .filter((finding) => mayDo(actor, 'finding.read', concernOf(finding)))
        .map(listed)
        .filter((finding) => isWanted(finding, state))
        .sort(bySeverity);
    },
    find: async (id) => listed((await found(id, 'finding.read')).finding),

    async raise({ text, severity, runId, path, runbook: named }) {
      const actor = await actorNow();
      const run = runId === undefined ? undefined : await runNamed(runId, parts);
      const runbook = run?.runbook ?? named;
      assertMay(actor, 'finding.change', runbook === undefined ? {} : { runbook });
      const id = `fd-${randomUUID().slice(0, 8)}`;
      const finding = {
        id,
        ...(runId !== undefined && { runId }),
        ...(runbook !== undefined && { runbook }),
        ...(path !== undefined && { path: textOf(path) }),
        raisedBy: 'person' as const,
        raisedAt: now(),
        raisedByPerson: actor.person,
        text: textOf(text),
        severity,
      };
      await stores.findings.raise([{ finding, ...(run !== undefined && { run: run.firstExecutionId }) }]);
      const raised = await stores.findings.find(id);
      if (raised === undefined) throw notFound(id);
      return listed(raised);
    },

    async assign({ owner: named, ...request }) {
      // Whoever may not change it is not told either who there is.
      await found(request.id, 'finding.change');
      const owner = named === undefined ? {} : { owner: await personNamed(named, identity) };
      return change(request.id, 'finding.change', (finding, by) =>
        assigned(open(finding), { ...request, ...owner }, { by, at: now() }),
      );
    },

    repair: ({ id, text }) =>
      change(id, 'finding.change', (finding, by) => {
        const repair = textOf(text);
        const next = { ...without(open(finding), ['history']), repair };
        return { finding: next, changes: [{ at: now(), by, what: 'repair', text: repair }] };
      }),

    async close(request) {
      const { actor, finding } = await found(request.id, 'finding.close');
      await assertProves(request.evidence, finding, { actor, runs: stores.runs });
      return change(request.id, 'finding.close', (now_, by) =>
        closed(open(now_), request, { by, at: now() }),
      );
    },

    reopen: ({ id, reason }) =>
      change(id, 'finding.change', (finding, by) => {
        if (finding.closedAt === undefined) throw refused('It is not closed.');
        // What was done about it was not enough: it is to be said anew.
        const next = without(finding, ['history', 'repair', 'closedAt', 'closedBy', 'closingEvidence']);
        return { finding: next, changes: [{ at: now(), by, what: 'reopened', text: textOf(reason) }] };
      }),
  };
}

function isWanted({ state }: ListedFinding, wanted: string): boolean {
  if (wanted === 'all') return true;
  // What is overdue is open as well.
  return wanted === 'open' ? state !== 'closed' : state === wanted;
}

function assigned(
  finding: Finding,
  { owner, dueAt, severity }: AssignRequest,
  { by, at }: Pick<FindingChange, 'by' | 'at'>,
): ChangedFinding {
  const changes: FindingChange[] = [
    ...(owner === undefined ? [] : [{ at, by, what: 'assigned' as const, text: owner }]),
    ...(dueAt === undefined ? [] : [{ at, by, what: 'due' as const, text: new Date(dueAt).toISOString() }]),
    ...(severity === undefined ? [] : [{ at, by, what: 'severity' as const, text: severity }]),
  ];
  if (changes.length === 0) throw refused('Say who repairs it, until when, or how bad it is.');
  return {
    finding: {
      ...without(finding, ['history']),
      ...(owner !== undefined && { owner }),
      ...(dueAt !== undefined && { dueAt }),
      ...(severity !== undefined && { severity }),
    },
    changes,
  };
}

/**
 * The id of somebody who can repair something: who owns a finding must not close it, and is known by this id then.
 *
 * @throws MusterError `finding.refused`
 */
async function personNamed(owner: string, identity: Pick<Identity, 'person'>): Promise<string> {
  const person = await identity.person(textOf(owner));
  if (person?.kind === 'person' && person.revoked === undefined) return person.id;
  const name = owner.trim().slice(0, 200);
  const why =
    person === undefined
      ? `Nobody is called ${name}.`
      : person.revoked === undefined
        ? `${name} is no person, and repairs nothing.`
        : `${name} is revoked.`;
  throw refused(why, 'Name the id of a person: muster people shows them.');
}

/** Whoever looks whether it is repaired is neither who owns it nor who says it is. */
function closed(
  finding: Finding,
  { evidence, comment }: CloseRequest,
  { by, at }: Pick<FindingChange, 'by' | 'at'>,
): ChangedFinding {
  const repaired = finding.history.findLast(({ what }) => what === 'repair');
  if (finding.repair === undefined || repaired === undefined) {
    throw refused(
      'Nobody has said what was done about it.',
      `Say it first: muster finding repair ${finding.id}`,
    );
  }
  if (by === repaired.by || by === finding.owner) {
    const why = by === finding.owner ? `${by} owns it` : `${by} has repaired it`;
    throw refused(`${why}: somebody else looks whether it is repaired.`);
  }
  const proof = [...new Set(evidence)];
  const says = `proved by ${proof.join(', ')}${comment === undefined ? '' : `: ${textOf(comment)}`}`;
  return {
    finding: { ...without(finding, ['history']), closedAt: at, closedBy: by, closingEvidence: proof },
    changes: [{ at, by, what: 'closed', text: says }],
  };
}

/** @throws MusterError `finding.refused` for what proves nothing */
async function assertProves(
  evidence: readonly string[],
  finding: Finding,
  { actor, runs }: { readonly actor: Actor; readonly runs: Pick<RunStore, 'find'> },
): Promise<void> {
  if (evidence.length === 0 || evidence.length > MAX_EVIDENCE) {
    throw refused(`What proves the repair? Name a run, or files by their SHA-256: 1 to ${MAX_EVIDENCE}.`);
  }
  for (const one of evidence) {
    if (DIGEST.test(one)) continue;
    const run = await runs.find(one);
    // One that they may not see proves nothing that they could have looked at. They are not told that it is there.
    if (run === undefined || !mayDo(actor, 'run.show', { runbook: run.runbook })) {
      throw refused(`${one.slice(0, 200)} is no run that you may see, and no SHA-256 of a file.`);
    }
    if (run.outcome !== 'succeeded' && run.outcome !== 'warned') {
      throw refused(`${one} has not ended well: it proves no repair.`);
    }
    if (run.startedAt < finding.raisedAt) {
      throw refused(`${one} was before the finding: it proves no repair.`);
    }
  }
}

function open(finding: Finding): Finding {
  if (finding.closedAt === undefined) return finding;
  throw refused('It is closed.', `Open it again first: muster finding reopen ${finding.id}`);
}

/** @throws MusterError `finding.refused` */
function textOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw refused('A text is missing.');
  if (trimmed.length > MAX_TEXT) throw refused(`A text has at most ${MAX_TEXT} characters.`);
  if (!isTyped(trimmed)) throw refused('A text holds characters that nobody sees.');
  return trimmed;
}

function refused(why: string, hint?: string): MusterError {
  return new MusterError('finding.refused', why, hint === undefined ? {} : { hint });
}

function notFound(id: string): MusterError {
  return new MusterError('finding.notFound', `There is no finding ${id.slice(0, 200)}.`, {
    hint: 'muster finding list shows them.',
  });
}
