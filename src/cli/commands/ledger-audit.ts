import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS } from '../person.ts';
import { auditLines } from '../render/audits.ts';
import { inertValue } from '../render/inert.ts';

export const ledgerAudit = command({
  name: 'ledger audit',
  summary: 'Show what was found where Temporal’s histories and the ledger were compared.',
  details:
    'The stack compares every run after its end, and open runs once a day: what was done behind its back (terminate, reset, ' +
    'signals and runs of others), and what one of the two has and the other has not. With --now a run is compared at once.',
  args: { run: { says: 'id of a run; without it: all that were compared', optional: true } },
  options: {
    now: { flags: '--now', says: 'compare this run now' },
    as: AS,
  },
  examples: ['ledger audit', 'ledger audit RUN', 'ledger audit RUN --now --as NAME'],
  async run({ args: { run: runId }, options, context }) {
    const muster = await context.muster(options.as);
    if (options.now && runId === undefined) {
      throw new CliError('cli.usage', 'Say which run is to be compared now.', {
        hint: 'All others are compared by the stack, after their end.',
      });
    }
    const audits =
      runId === undefined
        ? await muster.audits()
        : options.now
          ? [await muster.audit({ runId })]
          : await muster.audits({ runId });
    answer(context, { value: audits, text: () => auditLines(inertValue(audits)).join('\n') });
    return EXIT.ok;
  },
});
