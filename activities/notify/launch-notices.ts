import type { TellLaunchInput } from '../contract.ts';
import { digestOf } from '../digest.ts';
import type { LaunchNotices } from '../tell-launch.ts';
import { Broadcast, type BroadcastParts } from './broadcast.ts';
import type { Message } from './message.ts';
import { shownLine, shownText } from './text.ts';

/** Tells people about schedules that started nothing; see {@link Broadcast} for channels that are dead. */
export function createLaunchNotices({
  audience,
  ...parts
}: BroadcastParts & { readonly audience: readonly string[] }): LaunchNotices {
  const broadcast = new Broadcast(parts);
  return {
    notStarted: (input) => broadcast.send(audience, messageOf(input, (parts.now ?? Date.now)())),
  };
}

function messageOf({ id, mode, launched }: TellLaunchInput, at: number): Message {
  const { schedule, reason = 'unknown' } = launched;
  const what = mode === 'live' ? 'LIVE run' : 'drill';
  return {
    id: digestOf({ kind: 'launch', id }).slice(0, 32),
    event: 'schedule.notStarted',
    at,
    title: `${shownLine(schedule)} has started no ${what}`,
    text: [
      `The schedule ${shownLine(schedule)} has started no ${what}: ${shownText(reason)}`,
      'Look: muster schedule list',
    ].join('\n'),
  };
}
