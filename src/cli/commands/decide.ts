import type { Decision } from '../../model/vote.ts';
import { chooseOne } from '../choose-one.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';
import { answer } from '../output.ts';
import { AS, FOR, musterAs } from '../person.ts';
import { CONTINUE_WORD_LIST, CONTINUE_WORDS, DECIDE_FLAGS } from '../render/answers.ts';

export const decide = command({
  name: 'decide',
  summary: 'Say how a run goes on after a failed step.',
  details: '`muster show RUN` prints what is possible at the gate, and why the rest is not.',
  args: { run: { says: 'id of a run' }, gate: { says: 'path of the failed step' } },
  options: {
    retry: { flags: '--retry', says: 'try the step again' },
    keepWaiting: {
      flags: '--keep-waiting',
      says: 'go on watching, or wait for the next window; nothing is sent again',
    },
    continue: {
      flags: '--continue <how>',
      says: 'let VRO go on with its halted plan',
      choices: CONTINUE_WORD_LIST,
    },
    halt: { flags: '--halt', says: 'halt the plan in VRO' },
    adopt: { flags: '--adopt', says: 'it took effect: go on watching it' },
    runNow: { flags: '--run-now', says: 'begin outside the window; needs a reason' },
    done: { flags: '--done', says: 'somebody has done it by hand; needs a reason' },
    rollback: {
      flags: '--rollback',
      says: 'take back what the run has done, and end it; needs a reason',
    },
    skip: { flags: '--skip', says: 'leave the step out; needs a reason' },
    abort: { flags: '--abort', says: 'end the run; cleanup still runs; needs a reason' },
    input: {
      flags: '-i, --input <name=value>',
      says: 'with --retry: a corrected input of the action; with --done: an output of the step',
      many: true,
    },
    reason: { flags: '--reason <text>', says: 'why; kept with the run' },
    for: FOR,
    as: AS,
  },
  examples: [
    'decide dr-drill-20250131-k7m2qz failover --continue retry-failed-step --as NAME',
    'decide dr-drill-20250131-k7m2qz checks/web --retry -i url=http://127.0.0.1:9080/ --as NAME',
    'decide dr-drill-20250131-k7m2qz checks/web --skip --reason "known DNS issue, DR-118" --as NAME',
  ],
  async run({ args, options, context }) {
    const decision = chooseOne(
      (Object.keys(DECIDE_FLAGS) as (keyof typeof DECIDE_FLAGS)[]).map((choice) => ({
        flag: `--${DECIDE_FLAGS[choice]}`,
        choice: options[choice] === undefined || options[choice] === false ? undefined : choice,
      })),
    ) satisfies Decision;
    const option = options.continue === undefined ? undefined : CONTINUE_WORDS[options.continue];
    const values = await readInputs(options.input, context);
    const { muster, person } = await musterAs(options.as, context);
    const verdict = await muster.vote({
      runId: args.run,
      gate: args.gate,
      decision,
      ...(option !== undefined && { option }),
      ...(options.input.length > 0 && { values }),
      ...(options.reason !== undefined && { comment: options.reason }),
      ...(options.for !== undefined && { for: options.for }),
    });
    answer(context, {
      value: verdict,
      text: () => `Counted: ${person} decides ${decision} at ${args.gate}.`,
    });
    return EXIT.ok;
  },
});
