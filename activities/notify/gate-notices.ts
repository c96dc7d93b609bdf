import type { TellGateInput } from '../contract.ts';
import { digestOf } from '../digest.ts';
import type { GateNotices } from '../tell-gate.ts';
import { Broadcast, remember, type BroadcastParts } from './broadcast.ts';
import { pageOf, type Message } from './message.ts';
import { shownLine, shownText } from './text.ts';

/** Who is told of gates, by the names of channels. */
export interface GateAudience {
  readonly gates: readonly string[];
  /** Of gates that are escalated to a role. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Of schedules; of gates only what everybody is told. */
  readonly schedules?: readonly string[];
}

/** Tells people about gates; see {@link Broadcast} for channels that are dead. */
export function createGateNotices({
  audience,
  spokenCode = async () => undefined,
  ...parts
}: BroadcastParts & {
  readonly audience: GateAudience;
  /** What an approver reads out on the phone, where that is allowed. */
  readonly spokenCode?: (event: TellGateInput) => Promise<string | undefined>;
}): GateNotices {
  const broadcast = new Broadcast(parts);
  const closed = new Set<string>();
  return {
    async gate(event) {
      // What could not be told in time is no news any more.
      if (event.event === 'closed') remember(closed, event.nonce);
      else if (closed.has(event.nonce)) return;
      const at = (parts.now ?? Date.now)();
      const code = CODE_IN.has(event.event) ? await spokenCode(event) : undefined;
      await broadcast.send(
        audienceOf(event, audience),
        messageOf(event, { link: parts.channels.link, at, code }),
      );
    },
  };
}

/** An escalation tells people who may not answer: no code for them. */
const CODE_IN: ReadonlySet<string> = new Set(['opened', 'reminder', 'voided']);

/** An escalation tells those of its role; the others have been told that the gate is open. */
function audienceOf(
  { event, to }: TellGateInput,
  { gates, roles, schedules = [] }: GateAudience,
): readonly string[] {
  if (event === 'breakGlass') return [...gates, ...[...roles.values()].flat(), ...schedules];
  const ofRole = to === undefined ? undefined : roles.get(to);
  return event === 'escalated' ? (ofRole ?? gates) : gates;
}

function messageOf(
  input: TellGateInput,
  {
    link,
    at,
    code,
  }: { readonly link: string | undefined; readonly at: number; readonly code: string | undefined },
): Message {
  const { run, path, nonce, event, to, reasons = [] } = input;
  const page = pageOf(link, run.runId, path);
  const where = `${run.mode === 'live' ? 'LIVE' : 'Drill'} ${shownLine(run.runbook)}: ${path}`;
  return {
    id: digestOf({ kind: 'gate', nonce, event, to: to ?? '', reasons }).slice(0, 32),
    event: `gate.${event}`,
    at,
    title: `${where} ${TITLES[event]}`,
    text: [
      sentenceOf(input),
      ...reasons.map((reason) => `- ${shownText(reason)}`),
      ...(code === undefined
        ? []
        : [`To answer by phone, read this code to two witnesses, one by one: ${code}`]),
      `Look: muster show ${run.runId}`,
    ].join('\n'),
    run,
    gate: path,
    ...(page === undefined ? {} : { link: page }),
  };
}

const TITLES = {
  opened: 'waits for people',
  reminder: 'still waits for people',
  escalated: 'is escalated',
  voided: 'needs new answers',
  breakGlass: 'was approved by ONE PERSON ALONE (break-glass)',
  closed: 'needs no answer any more',
} as const;

function sentenceOf({ event, run, path, to = 'others' }: TellGateInput): string {
  const gate = `the gate ${path} of the run ${run.runId}, which ${run.starter} started`;
  switch (event) {
    case 'opened':
      return `People are asked at ${gate}.`;
    case 'reminder':
      return `Nobody has answered enough so far at ${gate}, and most of its time is over.`;
    case 'escalated':
      return `Nobody has answered enough so far at ${gate}. The role ${to} is told now; who may answer stays as it was.`;
    case 'voided':
      return `The answers so far do not count any more at ${gate}, since what they would allow has changed:`;
    case 'breakGlass':
      return `One person has approved alone, not by the rules, at ${gate}:`;
    case 'closed':
      return `Nobody needs to answer any more at ${gate}.`;
  }
}
