import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer, print, printJson } from '../output.ts';
import { AS, explainRefusal } from '../person.ts';
import { inert, inertValue } from '../render/inert.ts';
import { secretLines } from '../render/secrets.ts';

export const secretList = command({
  name: 'secret list',
  summary: 'List the secrets that runs were given: what each is for, and never what it says.',
  args: {},
  options: { run: { flags: '--run <run>', says: 'only those of this run' }, as: AS },
  examples: ['secret list', 'secret list --run agent-tokens-20250131-k7m2qz --json'],
  async run({ options, context }) {
    const { run } = options;
    const muster = await context.muster(options.as);
    const list = await muster.secrets.list(run === undefined ? {} : { runId: run });
    answer(context, {
      value: list,
      text: () => secretLines(inertValue(list), context.now()).join('\n'),
    });
    return EXIT.ok;
  },
});

export const secretReveal = command({
  name: 'secret reveal',
  summary: 'Show a secret to one of those it is for. It works a few times only, and each is recorded.',
  details:
    'Only the secret itself goes to the standard output. It is for the role that the step names with `revealTo`, or for ' +
    'operators. Sign in for it: no API token and no service may see a secret. Who asks in vain is recorded, too.',
  args: { id: { says: 'id of the secret; see `muster secret list`' } },
  options: { as: AS },
  examples: ['secret reveal 7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001'],
  async run({ args, options, context }) {
    const muster = await context.muster(options.as);
    const revealed = await muster.secrets
      .reveal({ id: args.id })
      .catch((error: unknown) => explainRefusal(error, muster));
    const { value, time, record } = revealed;
    if (context.json) printJson(context, revealed);
    // A terminal could obey what a server has made; a pipe gets it as it is.
    else if (context.stdout.isTTY === true) print(context, inert(value));
    else context.stdout.write(`${value}\n`);
    context.stderr.write(`Revealed ${time} of ${record.mayReveal} times; the ledger says by whom.\n`);
    return EXIT.ok;
  },
});

export const secretRewrap = command({
  name: 'secret rewrap',
  summary: 'Put all sealed secrets under the newest key, so that older keys can be thrown away.',
  details: 'docs/secrets.md says how keys are replaced.',
  args: {},
  options: { as: AS },
  examples: ['secret rewrap'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const done = await muster.secrets.rewrap().catch((error: unknown) => explainRefusal(error, muster));
    const { keyId, rewrapped, left } = done;
    answer(context, {
      value: done,
      text: () =>
        [
          `${rewrapped} secrets were put under the key ${keyId}.`,
          ...(left.length === 0
            ? ['All are under it now: older keys can go.']
            : [`No key here opens ${left.length} of them: ${inert(left.slice(0, 5).join(', '))}.`]),
        ].join('\n'),
    });
    return left.length === 0 ? EXIT.ok : EXIT.failed;
  },
});
