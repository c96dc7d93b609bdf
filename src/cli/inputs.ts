import { CliError } from './cli-error.ts';

const PAIR = /^([A-Za-z]\w*)=(.*)$/s;

/**
 * Reads `name=value` pairs. The values stay texts: the runbook says what type they are.
 *
 * @throws CliError `cli.inputMalformed`
 */
export function readInputs(pairs: readonly string[]): Readonly<Record<string, string>> {
  const inputs = new Map<string, string>();
  for (const pair of pairs) {
    const [, name, value] = PAIR.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new CliError('cli.inputMalformed', `\`${pair}\` is no input.`, {
        hint: 'Write -i name=value, one -i each.',
      });
    }
    if (inputs.has(name)) {
      throw new CliError('cli.inputMalformed', `The input ${name} is given twice.`, {
        hint: 'Give it once.',
      });
    }
    inputs.set(name, value);
  }
  return Object.fromEntries(inputs);
}
