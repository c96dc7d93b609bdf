/** What can go wrong when a run is looked at or spoken to through Temporal. */
export const CONTROL_ERRORS = {
  'temporal.unreachable': 'The Temporal server cannot be reached.',
  'temporal.refused': 'The Temporal server refused the request.',
  'schedule.notFound': 'There is no such schedule.',
  'run.notFound': 'There is no such run.',
  'run.badId': 'This is no run id.',
  'run.exists': 'There is a run with this id already.',
  'run.ended': 'The run has ended.',
  'run.unanswered': 'The run cannot be asked: no worker answers for it.',
  'run.broken': 'The run was ended from outside, or broke.',
} as const;

export type ControlErrorCode = keyof typeof CONTROL_ERRORS;

/** What to do now, where there is one thing to do. */
const HINTS: Readonly<Partial<Record<ControlErrorCode, string>>> = {
  'temporal.unreachable': 'Start the stack with `npm start`, or check the address of the Temporal server.',
  'schedule.notFound': 'List them with `npx muster schedule list`.',
  'run.notFound': 'List the runs with `npx muster runs`.',
  'run.badId': 'Run ids are printed by `npx muster runs`; they look like dr-drill-20250131-k7m2qz.',
  'run.unanswered': 'Start a worker: `npm start` does. The run itself is safe and goes on when one is there.',
  'run.broken': 'Its history is in the Temporal web UI.',
};

/** The only error control throws on purpose; `cause` is Temporal's own. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlErrorCode;
  readonly hint: string | undefined;
  constructor(
    code: ControlErrorCode,
    message: string = CONTROL_ERRORS[code],
    { cause }: { cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.hint = HINTS[code];
  }
}
