import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { musterAs } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { madeTokenLines, tokenLines } from '../render/tokens.ts';
import { said, timeOf } from '../time-option.ts';

export const tokenCreate = command({
  name: 'token create',
  summary: 'Make an API token, for yourself or for a service; it is shown this once.',
  details:
    'It allows what is named and never more than its owner may. Actions are those of docs/people.md. Only an admin makes ' +
    'tokens, and only for services, in the name of others. Sign in for it; a token makes no tokens.',
  args: {},
  options: {
    name: { flags: '--name <text>', says: 'what it is for' },
    actions: { flags: '--actions <list>', says: 'what it may do: run.start.drill,run.show' },
    runbooks: { flags: '--runbooks <pattern>', says: "only for these runbooks, e.g. 'erp-*'" },
    expires: {
      flags: '--expires <time>',
      says: 'when it ends: 90d from now, or a time with its zone',
      default: '90d',
    },
    service: { flags: '--service <name>', says: 'the service that it is for' },
  },
  examples: [
    'token create --name "status page" --actions run.list,run.show --expires 30d',
    'token create --service nightly --name "nightly drills" --actions run.start.drill --runbooks \'erp-*\'',
  ],
  async run({ options, context }) {
    const note = said('--name', options.name, 'Say what the token is for, to tell it from others later.');
    const actions = said(
      '--actions',
      options.actions,
      'Name what it may do, e.g. --actions run.list,run.show.',
    )
      .split(',')
      .map((action) => action.trim())
      .filter((action) => action !== '');
    const now = context.now();
    const validMs = timeOf('--expires', options.expires, now) - now;
    if (validMs <= 0) throw new CliError('cli.usage', 'The token would have ended already.');
    const { runbooks, service } = options;
    const { muster } = await musterAs(undefined, context);
    const made = await muster.tokens.make({
      note,
      scope: { actions, ...(runbooks !== undefined && { runbooks }) },
      validMs,
      ...(service !== undefined && { person: service }),
    });
    answer(context, { value: made, text: () => madeTokenLines(inertValue(made)).join('\n') });
    return EXIT.ok;
  },
});

export const tokenList = command({
  name: 'token list',
  summary: 'List your API tokens, or those of everybody.',
  args: {},
  options: { all: { flags: '--all', says: 'of everybody' } },
  examples: ['token list', 'token list --all --json'],
  async run({ options, context }) {
    const { muster } = await musterAs(undefined, context);
    const list = await muster.tokens.list({ everybody: options.all });
    answer(context, { value: list, text: () => tokenLines(inertValue(list), context.now()).join('\n') });
    return EXIT.ok;
  },
});

export const tokenRevoke = command({
  name: 'token revoke',
  summary: 'End an API token at once.',
  args: { id: { says: 'id of the token' } },
  options: {},
  examples: ['token revoke a1B2c3D4e5F6'],
  async run({ args: { id }, context }) {
    const { muster } = await musterAs(undefined, context);
    await muster.tokens.end({ id });
    answer(context, {
      value: { id, ended: true },
      text: () => 'Ended: nothing can be done with it any more.',
    });
    return EXIT.ok;
  },
});
