import type { IdentityEvent } from '../../src/store/index.ts';
import { digestOf } from '../digest.ts';
import { Broadcast, type BroadcastParts } from './broadcast.ts';
import type { Message } from './message.ts';
import { shownLine, shownText } from './text.ts';

/** Tells people what must not go unnoticed: a break-glass account was opened, a person revoked. */
export function createIdentityNotices({
  audience,
  ...parts
}: BroadcastParts & { readonly audience: readonly string[] }): (event: IdentityEvent) => Promise<void> {
  const broadcast = new Broadcast(parts);
  return (event) => broadcast.send(audience, messageOf(event));
}

function messageOf(event: IdentityEvent): Message {
  const { kind, at, person, by, source, detail } = event;
  const who = shownLine(person);
  const title =
    kind === 'breakGlass' ? `BREAK GLASS: the account ${who} was opened` : `${who}: ${shownLine(kind)}`;
  const facts = [
    ...(by === undefined ? [] : [`by ${shownLine(by)}`]),
    ...(source === undefined ? [] : [`from ${shownLine(source)}`]),
    ...(detail === undefined ? [] : [`reason: ${shownText(detail)}`]),
  ];
  return {
    id: digestOf({ kind, at, person }).slice(0, 32),
    event: `identity.${kind}`,
    at,
    title,
    text: [title, ...facts, 'Look: muster people log'].join('\n'),
  };
}
