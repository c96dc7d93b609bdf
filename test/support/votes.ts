import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { newVoteId, signVote, type VoteKeys } from '../../src/identity/index.ts';
import type { StepRecord } from '../../src/model/run.ts';
import type { VoteClaims } from '../../src/model/vote.ts';
import type { Stage } from './stage.ts';

/** Signals under way at once: as many as a flood can keep busy without waiting for one another. */
const SENDERS = 50;

/** The gRPC status of what the server refused to take, by its number in the protocol. */
const RESOURCE_EXHAUSTED = 8;

/** Longer than any test. */
const VALID_S = 600;

/** What boris, who may, says yes to at a gate that is open. */
export async function approvalOf(
  { muster }: Pick<Stage, 'muster'>,
  runId: string,
  { path, gate }: StepRecord,
  changes: Partial<VoteClaims> = {},
): Promise<VoteClaims> {
  const { timeline } = await muster.show(runId);
  const now = Math.floor(Date.now() / 1_000);
  return {
    id: newVoteId(),
    run: timeline.run.firstExecutionId,
    gate: path,
    nonce: gate?.nonce ?? 'none',
    digest: gate?.digest ?? 'none',
    decision: 'approve',
    person: 'boris',
    roles: ['dr-manager'],
    iat: now,
    exp: now + VALID_S,
    ...changes,
  };
}

/** Signs as muster itself does. */
export async function signed({ data }: Pick<Stage, 'data'>, claims: VoteClaims): Promise<string> {
  return signVote(data.keys, claims);
}

/** A JWS with the header and the signature that somebody else put to it. */
export function forged(
  keys: Pick<VoteKeys, 'id'>,
  claims: VoteClaims,
  header: object = {},
  signature = 'AAAA',
): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA', typ: 'muster-vote+jwt', kid: keys.id, ...header })}.${part(claims)}.${signature}`;
}

/** A good vote whose claims were changed after it was signed. */
export function altered(jws: string, changes: Partial<VoteClaims>): string {
  const [header = '', body = '', signature = ''] = jws.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as VoteClaims;
  return [
    header,
    Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url'),
    signature,
  ].join('.');
}

/**
 * Sends signals `vote` straight to Temporal, past muster, as anyone can who reaches it: all at once. What the server
 * pushes back, because the workflow is busy with those before, was not taken and is sent again, as a flooder would.
 */
export async function flood(
  { client }: { readonly client: Client },
  runId: string,
  messages: readonly unknown[],
): Promise<void> {
  const handle = client.workflow.getHandle(runId);
  const waiting = messages.values();
  const send = async (): Promise<void> => {
    for (const message of waiting) {
      while (!(await taken(handle.signal('vote', message))));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** Whether the server took a signal; a flood outlasts the attempts after which the SDK gives up on a busy workflow. */
async function taken(signal: Promise<void>): Promise<boolean> {
  try {
    await signal;
    return true;
  } catch (error) {
    if (error instanceof ServiceError && isGrpcServiceError(error.cause)) {
      const code: number = error.cause.code;
      if (code === RESOURCE_EXHAUSTED) return false;
    }
    throw error;
  }
}
