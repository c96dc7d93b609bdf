import { newCodeSalt, SPOKEN_SALT } from '../src/identity/index.ts';
import { isJsonObject, type JsonObject } from '../src/model/json.ts';
import type { CoveredStep } from '../src/model/vote.ts';
import type { OpenedGate, OpenGateInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { approvalDigest, digestOf, newNonce } from './digest.ts';
import { targetOf } from './effects/target.ts';
import { gateFacts } from './gate-facts.ts';
import { loadRunbook } from './runbooks.ts';
import { planSubject } from './vro/plan-subject.ts';

/** Makes the digest of what a gate is about, and notes the gate: from then on it is among those that wait for people. */
export async function openGate(deps: Deps, input: OpenGateInput): Promise<OpenedGate> {
  const opened = await lookAtGate(deps, input);
  await noteGate(deps, input, opened);
  return opened;
}

/** What a gate is about, as it is now. */
export async function lookAtGate(
  deps: Deps,
  { run, path, covers, failure, attempt }: Omit<OpenGateInput, 'asked'>,
): Promise<OpenedGate> {
  const covered = await coveredNow(deps, covers);
  const nonce = newNonce();
  const digest =
    failure === undefined
      ? approvalDigest({ runbookDigest: run.runbookDigest, gate: path, covered })
      : digestOf({ kind: 'decision', runbookDigest: run.runbookDigest, gate: path, attempt, failure });
  return { nonce, digest, covered };
}

/**
 * What a yes allows, as it is now: with names resolved to ids, since the same plan by another name is the same, and what a
 * plan consists of.
 */
async function coveredNow(deps: Deps, covers: OpenGateInput['covers']): Promise<CoveredStep[]> {
  const covered: CoveredStep[] = [];
  for (const { path, action, with: given, connection = '' } of covers) {
    const target = await targetOf(deps, { action, connection, with: given });
    const subject = await planSubject(deps, target);
    covered.push({ path, action, with: given, target, ...(subject === undefined ? {} : { subject }) });
  }
  return covered;
}

/** Keeps what people are asked, with what the servers say of it. An earlier opening of the same gate is closed by it. */
export async function noteGate(
  deps: Deps,
  { run, path, asked }: Pick<OpenGateInput, 'run' | 'path' | 'asked'>,
  { nonce, digest, covered }: OpenedGate,
): Promise<void> {
  if (asked === undefined) return;
  const { kind, title, dueAt, ...question } = asked;
  const { connections } = await loadRunbook(deps, run.runbookDigest);
  const facts =
    covered.length === 0 ? undefined : await gateFacts(deps, covered, { one: connections['one'] });
  await deps.stores.gates.open({
    nonce,
    run: run.firstExecutionId,
    runId: run.runId,
    path,
    kind,
    title,
    digest,
    asked: asJson({ runbook: run.runbook, ...question, covered, facts, [SPOKEN_SALT]: newCodeSalt() }),
    openedAt: deps.now(),
    ...(dueAt === undefined ? {} : { dueAt }),
  });
}

/** Without what is undefined. */
function asJson(value: object): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(value));
  return isJsonObject(json) ? json : {};
}
