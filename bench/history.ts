import { countingClock } from './counting-clock.ts';
import { plansWithChecks } from './plans.ts';
import { atMost, row, type Row } from './row.ts';
import { checksInARow, commandsInARow } from './runbooks.ts';
import { onStage, type RunCost, type Stage } from './stage.ts';
import type { Tools } from './tools.ts';

/** A read that nothing else goes on beside is done within the workflow task. */
const READ_GOAL = 1;
/** A command and its watch are two, and may need one event more. */
const COMMAND_GOAL = 13;
/** How many simulated seconds a check must take to be polled at least 20 and 2,000 times; see countingClock. */
const PLANS = { QUICK: 10, SHORT: 84, LONG: 8_004 };
const SHORT_POLLS = 20;
const LONG_POLLS = 2_000;
/** A poll of a real server is seconds apart; here it is to take no time. */
const POLL_MS = 1;

/** What a step costs in history, which bounds how long a run can be. Exact: a difference between runs. */
export async function measureHistory(tools: Tools): Promise<Row[]> {
  const simulation = { clock: countingClock(), scenario: plansWithChecks(PLANS) };
  return onStage(tools, { pollMs: POLL_MS, simulation }, async (stage) => {
    tools.say('history: reads and commands');
    const read = await costOfOneMore((count) => checksInARow(count, stage.healthUrl), stage);
    const command = await costOfOneMore((count) => commandsInARow(count, 'QUICK'), stage);
    tools.say(`history: a watch of ${SHORT_POLLS} polls`);
    const short = await watch('SHORT', stage);
    tools.say(`history: a watch of ${LONG_POLLS} polls`);
    const long = await watch('LONG', stage);
    return [
      row('a read step', 'events', read.events, atMost(READ_GOAL)),
      row('a read step', 'transitions', read.transitions),
      row('a command with its watch', 'events', command.events, atMost(COMMAND_GOAL)),
      row('a command with its watch', 'transitions', command.transitions),
      row('a short watch', 'polls', short.polls, { bound: 'atLeast', value: SHORT_POLLS }),
      row('the run with the short watch', 'events', short.cost.events),
      row('the run with the short watch', 'transitions', short.cost.transitions),
      row('a long watch', 'polls', long.polls, { bound: 'atLeast', value: LONG_POLLS }),
      // The same, however long it watches.
      row('the run with the long watch', 'events', long.cost.events, atMost(short.cost.events)),
      row('the run with the long watch', 'transitions', long.cost.transitions),
    ];
  });
}

/** What each further step adds to a run. */
async function costOfOneMore(
  runbook: (steps: number) => string,
  stage: Stage,
): Promise<Pick<RunCost, 'events' | 'transitions'>> {
  const [few, many] = [2, 12];
  const before = await stage.costOf(await stage.run(runbook(few), 'live'));
  const after = await stage.costOf(await stage.run(runbook(many), 'live'));
  return {
    events: (after.events - before.events) / (many - few),
    transitions: (after.transitions - before.transitions) / (many - few),
  };
}

/** A run of one command whose watch lasts as long as the check of `plan`. */
async function watch(plan: keyof typeof PLANS, stage: Stage): Promise<{ polls: number; cost: RunCost }> {
  const runId = await stage.run(commandsInARow(1, plan), 'live');
  const [step] = (await stage.muster.show(runId)).steps;
  return { polls: Number(step?.output?.['polls']), cost: await stage.costOf(runId) };
}
