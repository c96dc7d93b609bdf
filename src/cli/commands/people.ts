import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { eventLines, peopleLines } from '../render/people.ts';
import { said } from '../time-option.ts';

export const people = command({
  name: 'people',
  summary: 'List who there is, with which roles, and who is revoked.',
  args: {},
  options: { as: AS },
  examples: ['people --as NAME', 'people --json'],
  async run({ options, context }) {
    const { muster } = await musterAs(options.as, context);
    const list = await muster.people.list();
    answer(context, { value: list, text: () => peopleLines(inertValue(list)).join('\n') });
    return EXIT.ok;
  },
});

export const peopleRevoke = command({
  name: 'people revoke',
  summary:
    'Take everything from somebody at once: sessions, tokens, roles, and answers that are still to count.',
  args: { name: { says: 'who' } },
  options: { reason: { flags: '--reason <text>', says: 'why; kept' }, as: AS },
  examples: ['people revoke boris --reason "laptop stolen" --as NAME'],
  async run({ args: { name }, options, context }) {
    const reason = said('--reason', options.reason, 'Say why; it is kept.');
    const { muster } = await musterAs(options.as, context);
    await muster.people.revoke({ person: name, reason });
    answer(context, {
      value: { person: name, revoked: true },
      text: () =>
        `${name} can do nothing any more. Let them in again: ${context.program} people reinstate ${name}`,
    });
    return EXIT.ok;
  },
});

export const peopleReinstate = command({
  name: 'people reinstate',
  summary: 'Let somebody in again who was revoked; their sessions and tokens stay ended.',
  args: { name: { says: 'who' } },
  options: { as: AS },
  examples: ['people reinstate boris --as NAME'],
  async run({ args: { name }, options, context }) {
    const { muster } = await musterAs(options.as, context);
    await muster.people.reinstate({ person: name });
    answer(context, {
      value: { person: name, revoked: false },
      text: () => `${name} can sign in again.`,
    });
    return EXIT.ok;
  },
});

const MAX_LIMIT = 1_000;

export const peopleLog = command({
  name: 'people log',
  summary: 'Show the record of sign-ins, break-glass, tokens and revocations, the newest first.',
  args: { name: { says: 'of one person', optional: true } },
  options: { limit: { flags: '--limit <count>', says: 'how many at most', default: '50' }, as: AS },
  examples: ['people log --as NAME', 'people log boris --limit 200 --json'],
  async run({ args: { name }, options, context }) {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new CliError('cli.usage', `--limit is a number from 1 to ${MAX_LIMIT}.`);
    }
    const { muster } = await musterAs(options.as, context);
    const events = await muster.people.events({ limit, ...(name !== undefined && { person: name }) });
    answer(context, { value: events, text: () => eventLines(inertValue(events)).join('\n') });
    return EXIT.ok;
  },
});
