/** What a person can get wrong on the command line. */
export type CliErrorCode =
  | 'cli.usage'
  | 'cli.personMissing'
  | 'cli.interrupted'
  | 'cli.loginRefused'
  | 'cli.loginTimedOut'
  | 'cli.fileUnreadable'
  | 'cli.runbookNotFound'
  | 'cli.inputMalformed'
  | 'cli.actionUnknown'
  | 'cli.templateUnknown'
  | 'cli.fileExists'
  | 'cli.fileUnwritable';

/** Something wrong with the command as it was typed: exit code 2, nothing was done. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly hint: string | undefined;
  constructor(code: CliErrorCode, message: string, { hint }: { hint?: string | undefined } = {}) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
