import type { AnyCommand } from '../command.ts';
import { actions } from './actions.ts';
import { answer } from './answer.ts';
import { cancel } from './cancel.ts';
import { decide } from './decide.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { dryRun } from './dry-run.ts';
import { explain } from './explain.ts';
import { graph } from './graph.ts';
import { newRunbook } from './new.ts';
import { pause, resume } from './pause.ts';
import { print } from './print.ts';
import { rerun } from './rerun.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { show } from './show.ts';
import { start } from './start.ts';
import { validate } from './validate.ts';
import { vote } from './vote.ts';
import { watch } from './watch.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  demo,
  start,
  worker,
  newRunbook,
  validate,
  explain,
  print,
  graph,
  dryRun,
  publish,
  run,
  rerun,
  runs,
  show,
  watch,
  vote,
  answer,
  decide,
  pause,
  resume,
  cancel,
  actions,
  doctor,
];
