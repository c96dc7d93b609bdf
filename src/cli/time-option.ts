import { parseDuration } from '../model/duration.ts';
import { parseMoment } from '../model/moment.ts';
import { CliError } from './cli-error.ts';

const HINT =
  'Write a duration such as 2h, from now on, or a time with its zone such as 2026-03-01T22:00+01:00.';

/**
 * A time as somebody types it, in milliseconds since 1970: a duration from now on, or a moment with its zone.
 *
 * @throws CliError `cli.usage`
 */
export function timeOf(flag: string, text: string, now: number): number {
  const duration = parseDuration(text);
  const time = duration === undefined ? parseMoment(text) : now + duration;
  if (time === undefined) throw new CliError('cli.usage', `${flag}: \`${text}\` is no time.`, { hint: HINT });
  return time;
}

const PAST_HINT =
  'Write how long ago it was, such as 25m, or a time with its zone such as 2026-03-01T22:00+01:00.';

/**
 * A time in the past as somebody types it, in milliseconds since 1970: how long ago it was, or a moment with its zone.
 *
 * @throws CliError `cli.usage`
 */
export function pastTimeOf(flag: string, text: string, now: number): number {
  const ago = parseDuration(text);
  const time = ago === undefined ? parseMoment(text) : now - ago;
  if (time === undefined) {
    throw new CliError('cli.usage', `${flag}: \`${text}\` is no time.`, { hint: PAST_HINT });
  }
  return time;
}

/**
 * What has to be said, with some text in it.
 *
 * @throws CliError `cli.usage`
 */
export function said(flag: string, text: string | undefined, hint: string): string {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') throw new CliError('cli.usage', `${flag} is missing.`, { hint });
  return trimmed;
}
