import type { AnyCommand } from '../command.ts';
import { actions } from './actions.ts';
import { answer } from './answer.ts';
import { cancel } from './cancel.ts';
import { decide } from './decide.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { pause } from './pause.ts';
import { rerun } from './rerun.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { show } from './show.ts';
import { start } from './start.ts';
import { validate } from './validate.ts';
import { vote } from './vote.ts';
import { watch } from './watch.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  demo,
  start,
  validate,
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
