import { Context } from '@temporalio/activity';
import type { InputOf, NamesWithEffect } from '../../src/catalog/index.ts';
import type { ActionInput, ActionResult } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { digestOf } from '../digest.ts';
import { parseInput } from '../reads.ts';
import { StepError } from '../step-error.ts';
import type { Channel, ChannelKind, Channels } from './channel.ts';
import { pageOf, type Message } from './message.ts';
import { telling } from './telling.ts';
import { shownLine, shownText } from './text.ts';

/** The actions of the catalog that tell people. */
export type NotifyName = NamesWithEffect<'notify'>;

/** What kind of channel each of them needs. */
export const NOTIFIES: { readonly [Name in NotifyName]: ChannelKind } = {
  'notify.webhook': 'webhook',
  'notify.slack': 'slack',
  'notify.teams': 'teams',
  'notify.email': 'email',
};

/** Tells people what a step of a runbook says, once. @throws StepError `notify.…`, `step.badInput` */
export async function performNotify(deps: Deps, name: NotifyName, input: ActionInput): Promise<ActionResult> {
  const given = parseInput(name, input) as InputOf<'notify.email'>;
  const channel = channelOf(deps.channels, name, given.channel);
  const { to } = given;
  const { note } = await telling(deps.stores.channels, channel, messageOf(deps, input, given), {
    signal: Context.current().cancellationSignal,
    now: deps.now(),
    ...(to === undefined ? {} : { to }),
  });
  const output = { delivered: true };
  return note === undefined ? { output } : { output, outcome: 'warned', note };
}

/** The channel of a name, for an action. @throws StepError `notify.badChannel` */
export function channelOf(channels: Channels | undefined, action: NotifyName, name: string): Channel {
  const found = channels?.find(name);
  if (found?.kind === NOTIFIES[action]) return found;
  const what =
    found === undefined ? `no channel "${name}"` : `a channel "${name}", but of kind ${found.kind}`;
  throw new StepError(
    'notify.badChannel',
    `muster.yaml has ${what}; ${action} needs one of kind ${NOTIFIES[action]}. Add it, or correct the runbook.`,
    { passing: false },
  );
}

function messageOf(
  { channels, now }: Pick<Deps, 'channels' | 'now'>,
  { run, path, attempt }: ActionInput,
  { title, text }: { readonly title?: string | undefined; readonly text: string },
): Message {
  const link = pageOf(channels?.link, run.runId);
  return {
    id: digestOf({ kind: 'notify', run: run.firstExecutionId, path, attempt }).slice(0, 32),
    event: 'notify',
    at: now(),
    title: shownLine(title ?? '') || `${run.runbook}, ${run.mode}`,
    text: shownText(text) || '(no text)',
    run,
    ...(link === undefined ? {} : { link }),
  };
}
