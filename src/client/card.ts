import { assertMay, codeOfGate, mayDo } from '../identity/index.ts';
import { specOf, isActionName } from '../catalog/index.ts';
import { refusalOf } from '../model/approval.ts';
import type { EmergencyWays } from '../model/emergency.ts';
import { canonicalJson } from '../model/json.ts';
import type { GateFacts } from '../model/gate-facts.ts';
import type { Offer } from '../model/offers.ts';
import type { Gate, StepRecord, Timeline, VoidedVotes } from '../model/run.ts';
import type { FieldSpec, Mode, Purpose } from '../model/runbook.ts';
import { askedFor } from '../model/seats.ts';
import type { CoveredStep, VoteAssurance } from '../model/vote.ts';
import type { KeptGate, KeptRun, Stores } from '../store/index.ts';
import type { Control } from '../control/index.ts';
import { rolesFor, type Actor } from '../model/actor.ts';
import { saysOf, sentencesFor } from './card-words.ts';
import { MusterError } from './errors.ts';
import { keptQuestion, subjectOf, type Subject } from './subject.ts';

/** What somebody has to know before they answer a gate, on one page. Times are milliseconds since 1970. */
export interface Card {
  readonly runId: string;
  /** The path of the step that asks. */
  readonly gate: string;
  /** Names this opening of the gate; see VoteRequest.seen. */
  readonly nonce: string;
  readonly kind: Gate['kind'];
  readonly title: string;
  readonly runbook: { readonly name: string; readonly title: string };
  readonly mode: Mode;
  readonly purpose: Purpose;
  readonly starter: string;
  readonly openedAt?: number;
  /** When its time is over, and how much of it is left; absent: it waits for as long as it takes. */
  readonly dueAt?: number;
  readonly leftMs?: number;
  /** The step in plain words. */
  readonly says: readonly string[];
  /** Of a manual step: what to do, and what to fill in. */
  readonly instructions?: string;
  readonly fields?: { readonly [name: string]: FieldSpec };
  /** What a yes allows. */
  readonly allows: readonly AllowedCommand[];
  /** What cannot be undone from here, as sentences. */
  readonly cannotUndo: readonly string[];
  /** What must not be missed, as sentences. */
  readonly warnings: readonly string[];
  /** What the servers said when the gate opened; absent: nothing was asked. */
  readonly facts?: CardFacts;
  readonly lastDrill?: LastDrill;
  /** What can be answered. */
  readonly offers: readonly Offer[];
  /** The answers that count. Absent: the run cannot be asked now. */
  readonly votes?: readonly CardVote[];
  /** Who else has to agree, as sentences. */
  readonly missing: readonly string[];
  /** What is possible here when people cannot answer by themselves and together. */
  readonly emergency?: EmergencyWays;
  /** What whoever may answer reads out on the phone; nobody else is shown it. */
  readonly spokenCode?: string;
  /** What has changed since people were asked first; their answers are void. Oldest first. */
  readonly changed: readonly Pick<VoidedVotes, 'at' | 'reasons'>[];
}

/** A command that a yes allows. */
export interface AllowedCommand {
  readonly path: string;
  readonly title: string;
  readonly action: string;
  /** What it does, as sentences. */
  readonly says: readonly string[];
  /** `connection/kind/id` */
  readonly target: string;
  readonly with: readonly { readonly name: string; readonly value: string }[];
  readonly production: boolean;
  readonly irreversible: boolean;
}

/** The facts, with how old the restore points are by now: what was written since would be lost. */
export interface CardFacts extends GateFacts {
  /** Of the machine that would lose most; absent when it is not known. */
  readonly oldestPointMs?: number;
}

export interface CardVote {
  readonly person: string;
  readonly for?: string;
  readonly decision: string;
  readonly comment?: string;
  /** How sure it is who said so. */
  readonly assurance?: VoteAssurance;
  /** Of a spoken vote: who vouches for it. */
  readonly heardBy?: readonly string[];
  readonly at: number;
}

/** How it went when it was last practised. */
export interface LastDrill {
  readonly runId: string;
  readonly outcome: string;
  readonly endedAt: number;
  readonly achievedRtoMs?: number;
}

export interface CardParts {
  readonly control: Control;
  readonly stores: Pick<Stores, 'contents' | 'gates' | 'runs'>;
  readonly actor: Actor;
  readonly now: () => number;
  readonly emergency: (runbook: string) => EmergencyWays;
}

/** See Muster.card. */
export async function cardOf(
  request: { readonly runId: string; readonly gate: string },
  parts: CardParts,
): Promise<Card> {
  const { control, stores, now } = parts;
  const subject = await subjectOf(request, { control, gates: stores.gates });
  const { runId, runbook: name, path, gate: asked, timeline } = subject;
  assertMay(parts.actor, 'run.show', { runbook: name });
  const [kept, lastDrill] = await Promise.all([
    stores.gates.find(asked.nonce),
    stores.runs.lastEnded(name, 'drill'),
  ]);
  const run = timeline?.run ?? (await keptRun(runId, stores.runs));
  const record = timeline?.steps.find((step) => step.path === path);
  const gate = record?.gate;
  const question = kept === undefined ? undefined : keptQuestion(kept);
  const covered = gate?.covered ?? question?.covered ?? [];
  const facts = question?.facts;
  const words = await sentencesFor(stores.contents, { ...digestOf(run), path, mode: run.mode });
  const allows = covered.map((step) => allowed(step, timeline?.steps ?? []));
  const dueAt = record?.dueAt ?? kept?.dueAt;
  const openedAt = gate?.openedAt ?? kept?.openedAt;
  const instructions = gate?.instructions ?? question?.instructions;
  return {
    runId,
    gate: path,
    nonce: asked.nonce,
    kind: asked.kind,
    title: gate?.title ?? kept?.title ?? path,
    runbook: { name, title: timeline?.title ?? words.title ?? name },
    mode: run.mode,
    purpose: run.purpose,
    starter: run.starter,
    ...(openedAt !== undefined && { openedAt }),
    ...(dueAt !== undefined && { dueAt, leftMs: Math.max(0, dueAt - now()) }),
    says: words.says,
    ...(instructions !== undefined && { instructions }),
    ...(asked.fields !== undefined && { fields: asked.fields }),
    allows,
    cannotUndo: allows.flatMap(({ title, action }) =>
      saysOf(action).cannotUndo.map((says) => `${title}: ${says}`),
    ),
    warnings: warningsOf({ subject, allows, facts, mode: run.mode, isAsked: gate !== undefined }),
    ...(facts !== undefined && { facts: aged(facts, now()) }),
    ...lastDrillOf(lastDrill),
    offers: asked.offers,
    ...(gate !== undefined && { votes: gate.votes.map(voteOf) }),
    missing: gate?.missing ?? askedFor(asked.policy.rules),
    ...emergencyAt(subject, kept, parts),
    changed: (gate?.voided ?? []).map(({ at, reasons }) => ({ at, reasons })),
  };
}

function allowed(
  { path, action, with: given, target }: CoveredStep,
  steps: readonly StepRecord[],
): AllowedCommand {
  const spec = isActionName(action) ? specOf(action) : undefined;
  return {
    path,
    title: steps.find((step) => step.path === path)?.title ?? path,
    action,
    says: saysOf(action).says,
    target,
    with: Object.entries(given).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : canonicalJson(value),
    })),
    production: spec?.impact === 'production',
    irreversible: spec !== undefined && 'irreversible' in spec,
  };
}

function warningsOf({
  subject: { gate },
  allows,
  facts,
  mode,
  isAsked,
}: {
  subject: Subject;
  allows: readonly AllowedCommand[];
  facts: GateFacts | undefined;
  mode: Mode;
  isAsked: boolean;
}): string[] {
  const touches = allows.filter(({ production }) => production).length;
  return [
    ...(touches > 0 && mode === 'drill'
      ? ['This is a drill, and what it does is not: a production system is changed.']
      : []),
    ...(facts !== undefined && facts.machines.length > 0
      ? [
          'After an attack the newest restore point is not the right one: what the attacker did may be in it. Ask which point is clean.',
        ]
      : []),
    ...(isAsked ? [] : ['The run cannot be asked now: answers that were given so far are not shown here.']),
    ...(gate.policy.exclude.includes('starter')
      ? [`${gate.policy.starter} has started the run and may not answer.`]
      : []),
  ];
}

/** The code is for whoever could answer by themselves; whoever enters what they heard has to be told it. */
function emergencyAt(
  { runbook, gate: { kind, policy } }: Subject,
  kept: KeptGate | undefined,
  { actor, emergency }: CardParts,
): Pick<Card, 'emergency' | 'spokenCode'> {
  if (kind !== 'approval') return {};
  const ways = emergency(runbook);
  const voter = { person: actor.person, roles: rolesFor(actor.grants, runbook) };
  const mayAnswer = mayDo(actor, 'gate.vote', { runbook }) && refusalOf(voter, policy, []) === undefined;
  const code = ways.spoken && mayAnswer && kept !== undefined ? codeOfGate(kept) : undefined;
  return {
    ...((ways.spoken || ways.breakGlass) && { emergency: ways }),
    ...(code !== undefined && { spokenCode: code }),
  };
}

/** A server's clock may be ahead of ours: then its own time counts. */
function aged(facts: GateFacts, now: number): CardFacts {
  const points = facts.machines.flatMap(({ newestPoint }) => newestPoint ?? []);
  const isWhole = facts.more === 0 && points.length === facts.machines.length && points.length > 0;
  if (!isWhole) return facts;
  return { ...facts, oldestPointMs: Math.max(0, Math.max(now, facts.at) - Math.min(...points)) };
}

function voteOf({
  person,
  for: from,
  decision,
  comment,
  assurance,
  heardBy,
  iat,
}: Gate['votes'][number]): CardVote {
  return {
    person,
    ...(from !== undefined && { for: from }),
    decision,
    ...(comment !== undefined && { comment }),
    ...(assurance !== undefined && { assurance }),
    ...(heardBy !== undefined && { heardBy }),
    at: iat * 1_000,
  };
}

function lastDrillOf(run: KeptRun | undefined): { readonly lastDrill?: LastDrill } {
  if (run?.endedAt === undefined || run.outcome === undefined) return {};
  const { runId, outcome, endedAt, achievedRtoMs } = run;
  return { lastDrill: { runId, outcome, endedAt, ...(achievedRtoMs !== undefined && { achievedRtoMs }) } };
}

async function keptRun(runId: string, runs: CardParts['stores']['runs']): Promise<KeptRun> {
  const found = await runs.find(runId);
  if (found === undefined) throw new MusterError('run.unanswered');
  return found;
}

function digestOf(run: Timeline['run'] | KeptRun): { readonly digest: string } {
  return { digest: 'runbookDigest' in run ? run.runbookDigest : run.digest };
}
