const NUMBER = '\\d{1,2}';
/** A star or a range with a step, a range, or one value. */
const part = (value: string): string => `(?:\\*(?:/${NUMBER})?|${value}-${value}(?:/${NUMBER})?|${value})`;
const field = (value: string): RegExp => new RegExp(`^${part(value)}(?:,${part(value)})*$`);
const MONTH = `(?:${NUMBER}|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)`;
const DAY = `(?:${NUMBER}|SUN|MON|TUE|WED|THU|FRI|SAT)`;

const FIELDS = [
  ['minute', field(NUMBER)],
  ['hour', field(NUMBER)],
  ['day of the month', field(NUMBER)],
  ['month', field(MONTH)],
  ['day of the week', field(DAY)],
] as const;

/**
 * What is wrong with the form of a cron expression, or undefined. Only what every cron reads alike may stand in it; whether
 * the numbers make sense is not looked at here.
 */
export function cronProblem(cron: string): string | undefined {
  const fields = cron.split(' ');
  if (fields.length !== FIELDS.length || fields.includes('')) {
    return 'A cron has five fields with a space between: minute, hour, day of the month, month, day of the week.';
  }
  for (const [index, [what, form]] of FIELDS.entries()) {
    const written = fields[index] ?? '';
    if (!form.test(written)) {
      return `The ${what} is a number, a range, a list or *, each with a step: 0, 1-5, */15.`;
    }
  }
  const [, , dayOfMonth = '', , dayOfWeek = ''] = fields;
  if (!dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*')) {
    return 'A day of the month and a day of the week together mean "and" to some crons, and "or" to others.';
  }
  return undefined;
}
