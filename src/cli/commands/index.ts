import type { AnyCommand } from '../command.ts';
import { actions } from './actions.ts';
import { answer } from './answer.ts';
import { backup, restore } from './backup.ts';
import { breakGlass } from './break-glass.ts';
import { cancel } from './cancel.ts';
import { card } from './card.ts';
import { decide } from './decide.ts';
import { delegate } from './delegate.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { dryRun } from './dry-run.ts';
import { explain } from './explain.ts';
import { freeze, freezes, unfreeze } from './freeze.ts';
import { graph } from './graph.ts';
import { inbox } from './inbox.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { newRunbook } from './new.ts';
import { password } from './password.ts';
import { pause, resume } from './pause.ts';
import { people, peopleLog, peopleReinstate, peopleRevoke } from './people.ts';
import { print } from './print.ts';
import { evidenceExport, evidenceVerify } from './evidence.ts';
import { ledger } from './ledger.ts';
import { ledgerAudit } from './ledger-audit.ts';
import { ledgerHold, ledgerHolds, ledgerPrune, ledgerUnhold } from './ledger-prune.ts';
import { ledgerRotate } from './ledger-rotate.ts';
import { ledgerExport, ledgerVerify } from './ledger-verify.ts';
import { ledgerWitness } from './ledger-witness.ts';
import { FINDING_COMMANDS } from './finding.ts';
import { note, noteFile, noteList } from './note.ts';
import { report } from './report.ts';
import { review } from './review.ts';
import { refusals } from './refusals.ts';
import { rerun } from './rerun.ts';
import { publish } from './publish.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { SCHEDULE_COMMANDS } from './schedule.ts';
import { server } from './server.ts';
import { show } from './show.ts';
import { spoken } from './spoken.ts';
import { start } from './start.ts';
import { secretList, secretReveal, secretRewrap } from './secret.ts';
import { secretSheet } from './secret-sheet.ts';
import { tokenCreate, tokenList, tokenRevoke } from './token.ts';
import { validate } from './validate.ts';
import { vote } from './vote.ts';
import { watch } from './watch.ts';
import { whoami } from './whoami.ts';
import { worker } from './worker.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  demo,
  start,
  worker,
  server,
  login,
  logout,
  whoami,
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
  inbox,
  card,
  vote,
  answer,
  decide,
  spoken,
  breakGlass,
  pause,
  resume,
  cancel,
  refusals,
  note,
  noteList,
  noteFile,
  ...FINDING_COMMANDS,
  report,
  review,
  evidenceExport,
  evidenceVerify,
  ledger,
  ledgerAudit,
  ledgerPrune,
  ledgerHold,
  ledgerUnhold,
  ledgerHolds,
  ledgerVerify,
  ledgerExport,
  ledgerWitness,
  ledgerRotate,
  secretList,
  secretReveal,
  secretSheet,
  secretRewrap,
  freeze,
  freezes,
  unfreeze,
  delegate,
  ...SCHEDULE_COMMANDS,
  people,
  peopleRevoke,
  peopleReinstate,
  peopleLog,
  tokenCreate,
  tokenList,
  tokenRevoke,
  password,
  actions,
  doctor,
  backup,
  restore,
];

/** What the first word of a command of two words is about. */
export const GROUPS: Readonly<Record<string, string>> = {
  token: 'Make, list and end API tokens: create, list, revoke.',
  finding: 'What was found, and its repair: list, show, raise, assign, repair, close, reopen.',
  evidence: 'Prove what a run did: export, verify.',
  secret: 'Hand over what runs were given: list, reveal, sheet, rewrap.',
  schedule: 'Let runbooks be started by themselves: apply, list, next, log, pause, resume, trigger, remove.',
};
