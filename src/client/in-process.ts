import { createHash } from 'node:crypto';
import { newRunId, type Control } from '../control/index.ts';
import { assertMay, mayDo, type Identity } from '../identity/index.ts';
import {
  canonicalText,
  checkStart,
  compileRunbook,
  createLibrary,
  type Diagnostic,
  type StartRules,
} from '../language/index.ts';
import type { Actor } from '../model/actor.ts';
import { emergencyFor, type EmergencyWays } from '../model/emergency.ts';
import type { RunInput } from '../model/run.ts';
import { allSteps, type Mode } from '../model/runbook.ts';
import type { Stores } from '../store/index.ts';
import {
  castDraft,
  castVote,
  draftVote,
  requestCancel,
  requestPause,
  type AnswerParts,
  type VoteDraft,
} from './answer.ts';
import { approveAlone } from './break-glass.ts';
import type { AuditAlarm } from './auditor.ts';
import { createAuditDesk } from './audit-desk.ts';
import { cardOf } from './card.ts';
import { assertDeclarable } from './declared.ts';
import { createLedgerDesk, type RotateKey } from './ledger-desk.ts';
import { delegate, delegationsOf, undelegate, type DelegationParts } from './delegations.ts';
import { MusterError } from './errors.ts';
import { createEvidenceDesk, type EvidenceParts } from './evidence.ts';
import { createFindingDesk } from './findings.ts';
import { assertNotFrozen, freeze, unfreeze, type FreezeParts } from './freeze.ts';
import { inboxOf } from './inbox.ts';
import { assertRerunnable } from './rerun.ts';
import type { Verdict } from '../model/vote.ts';
import type { Muster, ValidateRequest, VoteRequest } from './muster.ts';
import { createNoteDesk } from './notes.ts';
import { createPeopleDesk } from './people.ts';
import { createReports } from './reports.ts';
import { createRetentionDesk, type RetentionPolicy } from './retention-desk.ts';
import { viewOf } from './run-view.ts';
import { enterSpoken, type SpokenParts } from './spoken.ts';
import { createSchedules } from './schedules.ts';
import { createSecretDesk } from './secrets.ts';
import { createTokenDesk } from './tokens.ts';
import { translated } from './translate-error.ts';

/** What the operations are made of. */
export interface MusterParts extends Omit<AnswerParts, 'now' | 'sleep' | 'votes' | 'gates' | 'actor'> {
  /** Who acts, asked anew for each operation: a role that is taken away is gone at once. */
  readonly actor: () => Promise<Actor>;
  readonly control: Control;
  readonly identity: Pick<Identity, 'person' | 'people' | 'revoke' | 'reinstate' | 'events' | 'tokens'>;
  readonly stores: Pick<
    Stores,
    | 'contents'
    | 'intents'
    | 'votes'
    | 'gates'
    | 'runs'
    | 'freezes'
    | 'refusals'
    | 'launches'
    | 'delegations'
    | 'spoken'
    | 'ledger'
    | 'secrets'
    | 'notes'
    | 'findings'
    | 'reviews'
    | 'audits'
    | 'retention'
    | 'people'
  >;
  readonly evidence: EvidenceParts;
  /** How long what is recorded is kept. Default for ever. */
  readonly retention?: RetentionPolicy;
  /** Told of what an audit finds that somebody asks for. Default nobody. */
  readonly onFound?: (alarm: AuditAlarm) => Promise<void> | void;
  readonly rotateLedgerKey?: RotateKey;
  /** What the configuration allows the runbook of this name. */
  readonly rulesFor: (runbook: string) => StartRules;
  /** What the configuration allows in an emergency at the runbook of this name. Default nothing. */
  readonly emergency?: (runbook: string) => EmergencyWays;
  /** Ends what was opened to make the parts, such as the connection of the control. */
  readonly close?: () => Promise<void>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The newest of what may be a flood. */
const MAX_REFUSALS = 200;
const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** The name the content store would give a text. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export type { VoteDraft } from './answer.ts';
export { deliverWaiting } from './deliver.ts';

/** The operations, and what only whoever works in this process can do. */
export interface LocalMuster extends Muster {
  /** Makes a vote that the identity provider is to prove first. @throws as `vote` */
  draftVote(request: VoteRequest): Promise<VoteDraft>;
  /** Casts it with its proof, and waits for the verdict. @throws as `vote` */
  castDraft(draft: VoteDraft, proof: string): Promise<Verdict>;
}

/** The operations of muster, done in this process. */
export function createMuster({
  now = Date.now,
  sleep = pause,
  close = async () => undefined,
  emergency = (runbook) => emergencyFor(undefined, runbook),
  ...parts
}: MusterParts): LocalMuster {
  const { control, rulesFor, identity, actor: actorNow } = parts;
  const { contents, intents, votes, gates, runs, freezes, refusals, delegations, spoken } = parts.stores;
  const answering = async (): Promise<AnswerParts & SpokenParts> => {
    return { ...parts, votes, gates, spoken, emergency, now, sleep, actor: await actorNow() };
  };
  const freezing = async (): Promise<FreezeParts> => {
    return { freezes, intents, runs, control, now, actor: await actorNow() };
  };

  const delegating = async (): Promise<DelegationParts> => {
    return { delegations, identity, now, actor: await actorNow() };
  };

  /** Notes a run and starts it: one that is started is always noted. */
  const begin = async (input: RunInput, runId: string): Promise<void> => {
    const { runbook, runbookDigest: digest, mode, purpose, starter } = input;
    const noted = { runId, runbook, digest, mode, purpose, starter, startedAt: now() };
    await runs.begin(noted);
    const { firstExecutionId } = await translated(() => control.start(input, runId));
    await runs.begin({ ...noted, firstExecutionId });
  };
  const assertMayStart = async (actor: Actor, runbook: string, mode: Mode): Promise<void> => {
    assertMay(actor, mode === 'live' ? 'run.start.live' : 'run.start.drill', { runbook });
    await assertNotFrozen({ runbook, mode }, { freezes, now });
  };

  const check = (
    { file, text, mode, inputs = {}, library: texts = {} }: ValidateRequest,
    starter?: string,
  ) => {
    const library = createLibrary(texts, digestOf);
    const { runbook, diagnostics, positions } = compileRunbook({ file, text, library });
    if (runbook === undefined || mode === undefined) return { runbook, diagnostics, children: [] };
    const who = starter === undefined ? {} : { starter };
    const digest = digestOf(canonicalText(runbook));
    const start = checkStart({ runbook, positions, mode, inputs, digest, library, rulesFor, ...who });
    return {
      runbook,
      inputs: start.inputs,
      diagnostics: [...diagnostics, ...start.diagnostics],
      children: library.compiled(),
    };
  };

  const startable = (file: string, { runbook, inputs, diagnostics, children }: ReturnType<typeof check>) => {
    if (runbook === undefined || inputs === undefined || diagnostics.some(isError)) {
      throw new MusterError('run.refused', `${file} cannot be started like this.`, { diagnostics });
    }
    return { runbook, inputs, children };
  };

  return {
    whoami: actorNow,

    async validate(request) {
      const { runbook, diagnostics } = check(request);
      return {
        ok: !diagnostics.some(isError),
        diagnostics,
        ...(runbook !== undefined && {
          name: runbook.name,
          title: runbook.title,
          digest: digestOf(canonicalText(runbook)),
          steps: allSteps(runbook).length,
        }),
      };
    },

    async start(request) {
      const { file, mode, purpose, declaredAt, continueAfter } = request;
      const actor = await actorNow().catch((error: unknown) => {
        // What is wrong with it whoever starts it is told before who that is.
        startable(file, check(request));
        throw error;
      });
      const { person } = actor;
      const { runbook, inputs, children } = startable(file, check(request, person));
      await assertMayStart(actor, runbook.name, mode);
      assertDeclarable(declaredAt, now());
      for (const child of children) await contents.put(canonicalText(child.runbook));
      const digest = await contents.put(canonicalText(runbook));
      const runId = newRunId(runbook.name, now());
      await begin(
        {
          runbook: runbook.name,
          runbookDigest: digest,
          mode,
          purpose,
          inputs,
          starter: person,
          ...(runbook.authors !== undefined && { authors: runbook.authors }),
          ...(declaredAt !== undefined && { declaredAt }),
          ...(continueAfter !== undefined && { continueAfter }),
        },
        runId,
      );
      return { runId, digest };
    },

    async rerun({ runId, from }) {
      const actor = await actorNow();
      const before = await translated(() => control.carried(runId));
      const { steps } = await translated(() => control.timeline(runId));
      const { runbook: name, mode } = before.input;
      await assertMayStart(actor, name, mode);
      assertRerunnable(before, steps, { runId, from, rules: rulesFor(name) });
      const next = newRunId(name, now());
      const { firstExecutionIds, snapshot, input } = before;
      const takesOver = { runId, from, firstExecutionIds, snapshot };
      await begin({ ...input, starter: actor.person, takesOver }, next);
      return { runId: next, digest: input.runbookDigest };
    },

    async list(request = {}) {
      const actor = await actorNow();
      const found = await translated(() => control.list(request));
      return found.filter(({ runbook }) => mayDo(actor, 'run.list', { runbook }));
    },
    async show(runId) {
      const view = await translated(() => viewOf(runId, control));
      assertMay(await actorNow(), 'run.show', { runbook: view.timeline.run.runbook });
      return view;
    },
    vote: async (request) => castVote(request, await answering()),
    draftVote: async (request) => draftVote(request, await answering()),
    castDraft: async (draft, proof) => castDraft(draft, await answering(), proof),
    spoken: async (request) => enterSpoken(request, await answering()),
    breakGlass: async (request) => approveAlone(request, await answering()),
    cancel: async (request) => requestCancel(request, await answering()),
    pause: async (request) => requestPause('pause', request, await answering()),
    resume: async (request) => requestPause('resume', request, await answering()),
    card: async (request) =>
      cardOf(request, { control, stores: parts.stores, emergency, now, actor: await actorNow() }),
    inbox: async () => inboxOf({ gates, actor: await actorNow() }),
    async freezes() {
      assertMay(await actorNow(), 'freeze.read');
      return freezes.pending(now());
    },
    freeze: async (request) => freeze(request, await freezing()),
    unfreeze: async (request) => unfreeze(request, await freezing()),
    async refusals(runId) {
      const { run } = await translated(() => control.timelinePage(runId, { from: 0, limit: 1 }));
      assertMay(await actorNow(), 'refusals.read', { runbook: run.runbook });
      const { firstExecutionId } = run;
      const [total, latest, entered] = await Promise.all([
        refusals.count(firstExecutionId),
        refusals.of(firstExecutionId, MAX_REFUSALS),
        spoken.refused(firstExecutionId, MAX_REFUSALS),
      ]);
      const newest = [...latest, ...entered.latest].sort((a, b) => b.at - a.at).slice(0, MAX_REFUSALS);
      return { total: total + entered.total, latest: newest };
    },
    ...createLedgerDesk({
      actor: actorNow,
      stores: parts.stores,
      ...(parts.rotateLedgerKey !== undefined && { rotate: parts.rotateLedgerKey }),
    }),
    ...createRetentionDesk({
      actor: actorNow,
      stores: parts.stores,
      sealing: parts.evidence.sealing,
      now,
      ...(parts.retention !== undefined && { policy: parts.retention }),
    }),
    ...createAuditDesk({
      control,
      actor: actorNow,
      stores: parts.stores,
      now,
      ...(parts.onFound !== undefined && { onFound: parts.onFound }),
    }),
    ...createEvidenceDesk({ control, actor: actorNow, stores: parts.stores, evidence: parts.evidence, now }),
    delegations: async () => delegationsOf(await delegating()),
    delegate: async (request) => delegate(request, await delegating()),
    undelegate: async (request) => undelegate(request, await delegating()),
    ...createReports({
      control,
      stores: parts.stores,
      sealing: parts.evidence.sealing,
      keys: parts.keys,
      ...(parts.evidence.published !== undefined && { published: parts.evidence.published }),
      actor: actorNow,
      now,
    }),
    notes: createNoteDesk({ control, stores: parts.stores, actor: actorNow, now }),
    findings: createFindingDesk({ control, stores: parts.stores, identity, actor: actorNow, now }),
    people: createPeopleDesk({ identity, actor: actorNow }),
    tokens: createTokenDesk({ identity, actor: actorNow }),
    secrets: createSecretDesk({ secrets: parts.stores.secrets, actor: actorNow }),
    schedules: createSchedules({
      control: control.schedules,
      actor: actorNow,
      stores: parts.stores,
      rulesFor,
      now,
    }),
    result: (runId, options) => translated(() => control.result(runId, options)),
    close,
  };
}
