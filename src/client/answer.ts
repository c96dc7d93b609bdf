import type { Control } from '../control/index.ts';
import { IdentityError, newVoteId, signVote, type Person, type VoteKeys } from '../identity/index.ts';
import type { Timeline } from '../model/run.ts';
import { REFUSALS, WHOLE_RUN, type Verdict, type VoteClaims } from '../model/vote.ts';
import { MusterError } from './errors.ts';
import { assertGoesOn, assertOffered, gateFor } from './gates.ts';
import { valuesFor } from './filled-in.ts';
import type { CancelRequest, PauseRequest, VoteRequest } from './muster.ts';
import { pollUntil, type Waiting } from './poll.ts';
import { translated } from './translate-error.ts';

/** A signed answer that has not reached its run by then is void; whoever gave it can give it again. */
const VOTE_VALID_MS = 10 * 60_000;
/** A worker that runs answers within a second; one that is being restarted is back by then. */
const VERDICT_LIMIT_MS = 15_000;

/** Who there is, by id. */
export type People = ReadonlyMap<string, Person>;

/** What answering a gate needs of the world. */
export interface AnswerParts extends Waiting {
  readonly control: Control;
  readonly people: People;
  readonly keys: VoteKeys;
}

/** See Muster.vote. */
export async function castVote(request: VoteRequest, parts: AnswerParts): Promise<Verdict> {
  const { runId, decision, option, answer, comment, person } = request;
  const { roles } = personNamed(person, parts.people);
  const timeline = await translated(() => parts.control.timeline(runId));
  const inner = runOfGate(timeline, request.gate);
  if (inner !== undefined) return castVote({ ...request, ...inner }, parts);
  const gate = gateFor(timeline, request.gate);
  assertOffered(gate, request);
  const values = valuesFor(timeline, gate, request);
  const claims = claimsFor(parts, {
    run: timeline.run.firstExecutionId,
    gate: request.gate,
    nonce: gate.nonce,
    digest: gate.digest,
    decision,
    ...(option !== undefined && { option }),
    ...(answer !== undefined && { answer }),
    ...(values !== undefined && { values }),
    person,
    roles,
    ...(comment !== undefined && { comment }),
  });
  return send(runId, claims, parts);
}

/** See Muster.pause and Muster.resume. */
export async function requestPause(
  decision: 'pause' | 'resume',
  { runId, step = WHOLE_RUN, person, reason }: PauseRequest,
  parts: AnswerParts,
): Promise<void> {
  const { roles } = personNamed(person, parts.people);
  const { run, ...head } = await translated(() => parts.control.timelinePage(runId, { from: 0, limit: 1 }));
  assertGoesOn({ run, ...head });
  const claims = claimsFor(parts, {
    run: run.firstExecutionId,
    gate: step,
    nonce: run.firstExecutionId,
    digest: run.firstExecutionId,
    decision,
    person,
    roles,
    ...(reason !== undefined && { comment: reason }),
  });
  await send(runId, claims, parts);
}

/** Signs an answer, sends it, and waits until it is counted. @throws MusterError `vote.refused`, `vote.unanswered` */
async function send(runId: string, claims: VoteClaims, parts: AnswerParts): Promise<Verdict> {
  const jws = await signed(claims, parts);
  await translated(() => parts.control.signalVote(runId, jws));
  const verdict = await pollUntil(() => verdictOn(runId, claims.id, parts), {
    ...parts,
    limitMs: VERDICT_LIMIT_MS,
  });
  if (verdict === undefined) throw unanswered(runId);
  return counted(verdict);
}

/** The run that a gate belongs to, when it is that of a step of this one. */
function runOfGate({ steps }: Timeline, gate: string): { runId: string; gate: string } | undefined {
  const step = steps.find(({ path, child }) => child !== undefined && gate.startsWith(`${path}/`));
  if (step?.child === undefined) return undefined;
  return { runId: step.child.runId, gate: gate.slice(step.path.length + 1) };
}

/** See Muster.cancel. */
export async function requestCancel(
  { runId, person, reason }: CancelRequest,
  parts: AnswerParts,
): Promise<void> {
  const { roles } = personNamed(person, parts.people);
  const head = () => translated(() => parts.control.timelinePage(runId, { from: 0, limit: 1 }));
  const before = await head();
  assertGoesOn(before);
  const { run } = before;
  const claims = claimsFor(parts, {
    run: run.firstExecutionId,
    gate: WHOLE_RUN,
    nonce: run.firstExecutionId,
    digest: run.firstExecutionId,
    decision: 'cancel',
    person,
    roles,
    ...(reason !== undefined && { comment: reason }),
  });
  const jws = await signed(claims, parts);
  await translated(() => parts.control.signalCancel(runId, jws));
  const taken = await pollUntil(
    async () => {
      const verdict = await verdictOn(runId, claims.id, parts);
      if (verdict !== undefined) counted(verdict);
      const now = await survivable(head);
      if (now?.cancelled !== undefined) return true;
      if (now !== undefined) assertGoesOn(now);
      return undefined;
    },
    { ...parts, limitMs: VERDICT_LIMIT_MS },
  );
  if (taken === undefined) throw unanswered(runId);
}

/** @throws MusterError `person.unknown` */
export function personNamed(id: string, people: People): Person {
  const person = people.get(id);
  if (person !== undefined) return person;
  throw new MusterError('person.unknown', `The configuration does not know ${id}.`, {
    hint:
      people.size === 0
        ? 'It knows nobody: add people to muster.yaml.'
        : `It knows ${[...people.keys()].join(', ')}.`,
  });
}

function claimsFor({ now }: AnswerParts, said: Omit<VoteClaims, 'id' | 'iat' | 'exp'>): VoteClaims {
  const at = now();
  const seconds = (ms: number): number => Math.floor(ms / 1_000);
  return { id: newVoteId(), ...said, iat: seconds(at), exp: seconds(at + VOTE_VALID_MS) };
}

/** @throws MusterError `vote.refused` for what cannot be signed, such as a comment that is too long */
async function signed(claims: VoteClaims, { keys }: AnswerParts): Promise<string> {
  try {
    return await signVote(keys, claims);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    throw new MusterError('vote.refused', error.message, { cause: error });
  }
}

async function verdictOn(runId: string, id: string, { control }: AnswerParts): Promise<Verdict | undefined> {
  return (await survivable(() => translated(() => control.verdict(runId, id)))) ?? undefined;
}

/** The vote is on its way: a worker or a server that is away for a moment is no reason to say it was lost. */
async function survivable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const isAway = error instanceof MusterError && AWAY.has(error.code);
    if (!isAway) throw error;
    return undefined;
  }
}
const AWAY = new Set(['temporal.unreachable', 'run.unanswered']);

/** @throws MusterError `vote.refused` */
function counted(verdict: Verdict): Verdict {
  if (verdict.counted) return verdict;
  const { refusal, detail } = verdict;
  throw new MusterError(
    'vote.refused',
    detail === undefined ? REFUSALS[refusal] : `${REFUSALS[refusal]} ${detail}`,
    {
      hint: 'The refusal is kept with the run.',
    },
  );
}

function unanswered(runId: string): MusterError {
  return new MusterError('vote.unanswered', undefined, {
    hint: `Do not send it again. Make sure that a worker runs (\`npm start\`), then look: npx muster show ${runId}`,
  });
}
