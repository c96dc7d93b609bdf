import { extname, relative, resolve } from 'node:path';
import type { Muster, Period, ReportFormat } from '../../client/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { PERIOD, periodOf } from '../period-option.ts';
import { AS } from '../person.ts';
import { inert } from '../render/inert.ts';
import { write } from '../write-file.ts';

const FORMATS = ['html', 'pdf', 'json'] as const;

export const report = command({
  name: 'report',
  summary: 'Write the report of a run, or of a period, for people: HTML, PDF or JSON.',
  details:
    'The ending of the file says in which form. The HTML is one file that needs nothing else, and prints well. The report ' +
    'of a period has all runs, the runbooks that were not drilled in time, the findings and their repair, and which ' +
    'controls of DORA, ISO 22301 and SOC 2 that speaks to, gaps first.',
  args: { run: { says: 'id of a run; without it a period is named', optional: true } },
  options: {
    ...PERIOD,
    as: AS,
    out: { flags: '-o, --out <file>', says: 'where to: .html, .pdf or .json; default RUN.html' },
  },
  examples: [
    'report dr-drill-20250131-k7m2qz',
    'report dr-drill-20250131-k7m2qz -o drill.pdf',
    'report --from 2026-01-01 --to 2026-12-31 -o 2026.pdf',
    'report --last 1y -o year.html',
  ],
  async run({ args, options, context }) {
    const period = periodOf(options, context.now());
    const { run } = args;
    if ((run === undefined) === (period === undefined)) {
      throw new CliError('cli.usage', 'Name a run, or a period, and not both.', {
        hint: 'For example: muster report RUN, or muster report --last 1y.',
      });
    }
    const out = options.out ?? `${run ?? nameOf(period)}.html`;
    const format = FORMATS.find((one) => extname(out).toLowerCase() === `.${one}`);
    if (format === undefined) {
      throw new CliError('cli.usage', `${inert(out)} does not say in which form the report is to be.`, {
        hint: 'End the name with .html, .pdf or .json.',
      });
    }
    const muster = await context.muster(options.as);
    const file = resolve(context.cwd, out);
    await write(file, await made(muster, { run, period, format }), false);
    const shown = relative(context.cwd, file);
    answer(context, { value: { format, file: shown }, text: () => `Written: ${inert(shown)}` });
    return EXIT.ok;
  },
});

async function made(
  muster: Muster,
  {
    run,
    period,
    format,
  }: {
    readonly run: string | undefined;
    readonly period: Period | undefined;
    readonly format: ReportFormat;
  },
): Promise<Uint8Array> {
  if (period !== undefined) return muster.periodReport({ ...period, format });
  return muster.report({ runId: run ?? '', format });
}

function nameOf(period: Period | undefined): string {
  if (period === undefined) return 'report';
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return `report-${day(period.from)}-${day(period.to - 1)}`;
}
