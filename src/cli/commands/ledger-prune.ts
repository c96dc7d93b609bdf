import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, musterAs } from '../person.ts';
import { inertValue } from '../render/inert.ts';
import { holdLines, prunedLines } from '../render/retention.ts';
import { said } from '../time-option.ts';

export const ledgerPrune = command({
  name: 'ledger prune',
  summary: 'Remove what is older than `retention` in muster.yaml keeps: recorded, signed, and for good.',
  details:
    'The texts of entries and the documents that belong to them go; their hashes stay, so that the ledger verifies as before. ' +
    'Open runs, runs under a hold, with an open finding, or not audited stay, and the newest drills of each runbook.',
  args: {},
  options: {
    dryRun: { flags: '--dry-run', says: 'only show what would go' },
    yes: { flags: '--yes', says: 'do it' },
    as: AS,
  },
  examples: ['ledger prune --dry-run --as NAME', 'ledger prune --yes --as NAME'],
  async run({ options: { dryRun, yes, as }, context }) {
    if (dryRun === yes) {
      throw new CliError('cli.usage', 'Say --dry-run to see what would go, or --yes to remove it for good.', {
        hint: 'Nothing brings it back but a backup.',
      });
    }
    const { muster } = await musterAs(as, context);
    const pruned = await muster.prune({ dryRun });
    answer(context, { value: pruned, text: () => prunedLines(inertValue(pruned)).join('\n') });
    return EXIT.ok;
  },
});

export const ledgerHold = command({
  name: 'ledger hold',
  summary: 'Keep a run whatever its age: nothing of it is removed until `ledger unhold`.',
  args: { run: { says: 'id of a run' } },
  options: {
    reason: { flags: '--reason <text>', says: 'why; such as the name of a legal matter' },
    as: AS,
  },
  examples: ['ledger hold RUN --reason "matter 2026-17" --as NAME'],
  async run({ args: { run: runId }, options, context }) {
    const reason = said('--reason', options.reason, 'Say why; whoever wants to lift it reads it.');
    const { muster } = await musterAs(options.as, context);
    const hold = await muster.hold({ runId, reason });
    answer(context, { value: hold, text: () => holdLines(inertValue([hold])).join('\n') });
    return EXIT.ok;
  },
});

export const ledgerUnhold = command({
  name: 'ledger unhold',
  summary: 'Let a run be removed again once it is old enough.',
  args: { run: { says: 'id of a run' } },
  options: { as: AS },
  examples: ['ledger unhold RUN --as NAME'],
  async run({ args: { run: runId }, options, context }) {
    const { muster } = await musterAs(options.as, context);
    await muster.unhold({ runId });
    answer(context, { value: { runId }, text: () => `${runId} is no longer held.` });
    return EXIT.ok;
  },
});

export const ledgerHolds = command({
  name: 'ledger holds',
  summary: 'List the runs that are kept whatever their age.',
  args: {},
  options: { as: AS },
  examples: ['ledger holds --as NAME'],
  async run({ options, context }) {
    const muster = await context.muster(options.as);
    const holds = await muster.holds();
    answer(context, { value: holds, text: () => holdLines(inertValue(holds)).join('\n') });
    return EXIT.ok;
  },
});
