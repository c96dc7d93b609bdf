import { command } from '../command.ts';
import { exitCodeOfDoctor } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { doctorLines } from '../render/doctor.ts';
import { inertValue } from '../render/inert.ts';

export const doctor = command({
  name: 'doctor',
  summary: 'Check whether muster reaches each Veeam server, as whom and with which rights.',
  details:
    'Looks at the name, the connection, the certificate (and prints its pin), the login, the version of the API, role ' +
    'and scopes, one harmless read, the lifetime of tokens and the clock of each server; without names also at ' +
    'Temporal and the data folder. It only reads, and logs out again. It ends with 0 when nothing is bad, with 4 when ' +
    'a server cannot be reached, and with 1 when something else is bad.',
  args: {
    connection: { says: 'names of connections in muster.yaml; default: all', optional: true, many: true },
  },
  options: {},
  examples: ['doctor', 'doctor dr-site dr-backup', 'doctor --json', '--config dr.yaml doctor'],
  async run({ args, context }) {
    const { stack, options, signal, stderr } = context;
    const report = await stack.runDoctor({
      ...options,
      connections: args.connection,
      signal,
      onProgress: (line) => stderr.write(`${line}\n`),
    });
    answer(context, { value: report, text: () => doctorLines(inertValue(report)).join('\n') });
    return exitCodeOfDoctor(report);
  },
});
