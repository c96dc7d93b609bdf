import { rm } from 'node:fs/promises';
import { extname, relative, resolve } from 'node:path';
import { MusterError, type Muster, type SecretRecord } from '../../client/index.ts';
import { handOverDocument, type HandOver, type SheetSecret } from '../../ledger/report/hand-over.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { AS, explainRefusal } from '../person.ts';
import { inert, inertValue } from '../render/inert.ts';
import { isValid, sheetLines } from '../render/secrets.ts';
import { write } from '../write-file.ts';

const FORMATS = ['html', 'pdf', 'txt'] as const;
/** A sheet may hold secrets. */
const OWNER_ONLY = 0o600;

export const secretSheet = command({
  name: 'secret sheet',
  summary: 'Make the hand-over sheet for whoever recovers machines: machine, server, token, expiry.',
  details:
    'The tokens themselves are on it with --reveal only, which counts for each of them and is recorded; a file with them is ' +
    'for its owner only, and takes no place of another one. Of what is over nothing is said.',
  args: {},
  options: {
    site: {
      flags: '--site <site>',
      says: 'the site: a role of `revealTo` (berlin is site-berlin, too), or a connection',
    },
    run: { flags: '--run <run>', says: 'a run' },
    reveal: { flags: '--reveal', says: 'write the tokens on it' },
    out: { flags: '-o, --out <file>', says: 'where to: .html, .pdf or .txt; default: shown' },
    as: AS,
  },
  examples: ['secret sheet --site berlin -o berlin.pdf', 'secret sheet --run RUN --reveal -o sheet.html'],
  async run({ options, context }) {
    const { site, run, reveal, out } = options;
    const of = oneOf(site, run);
    const format = out === undefined ? undefined : formatOf(out);
    const muster = await context.muster(options.as);
    const { person } = await muster.whoami();
    const listed = await muster.secrets
      .list(run === undefined ? {} : { runId: run })
      .catch((error: unknown) => explainRefusal(error, muster));
    const now = context.now();
    const records = listed.filter((one) => isValid(one, now) && (site === undefined || isFor(one, site)));
    if (records.length === 0) {
      throw new MusterError('secret.notFound', `There is no secret for ${inert(of)} that is valid.`, {
        hint: 'See `muster secret list`.',
      });
    }
    const made = async (): Promise<HandOver> => ({
      of,
      madeAt: now,
      by: person,
      isOpen: reveal,
      secrets: reveal ? await revealed(muster, records) : records.map((record) => ({ record })),
    });
    if (out === undefined || format === undefined) {
      const sheet = await made();
      answer(context, { value: sheet, text: () => sheetLines(inertValue(sheet)).join('\n') });
      return EXIT.ok;
    }
    const file = resolve(context.cwd, out);
    // First the file: a secret that is revealed and then cannot be written down would have been used up for nothing.
    if (reveal) await write(file, '', true, OWNER_ONLY);
    try {
      await write(file, await drawn(await made(), format), false);
    } catch (error) {
      if (reveal) await rm(file, { force: true });
      throw error;
    }
    const shown = relative(context.cwd, file);
    answer(context, {
      value: { format, file: shown, secrets: records.length },
      text: () => `Written: ${inert(shown)} (${records.length} tokens${reveal ? ', revealed' : ''})`,
    });
    return EXIT.ok;
  },
});

/** @throws CliError `cli.usage` */
function oneOf(site: string | undefined, run: string | undefined): string {
  const of = site ?? run;
  if (of !== undefined && (site === undefined || run === undefined)) return of;
  throw new CliError('cli.usage', 'Say for which site or for which run: --site SITE, or --run RUN.');
}

/** @throws CliError `cli.usage` */
function formatOf(out: string): (typeof FORMATS)[number] {
  const format = FORMATS.find((one) => extname(out).toLowerCase() === `.${one}`);
  if (format !== undefined) return format;
  throw new CliError('cli.usage', `${inert(out)} does not say in which form the sheet is to be.`, {
    hint: 'End the name with .html, .pdf or .txt.',
  });
}

function isFor({ revealTo, connection }: SecretRecord, site: string): boolean {
  return revealTo === site || revealTo === `site-${site}` || connection === site;
}

/** One after the other: what cannot be revealed says why, and does not keep the others back. */
async function revealed(
  muster: Pick<Muster, 'secrets'>,
  records: readonly SecretRecord[],
): Promise<readonly SheetSecret[]> {
  const secrets: SheetSecret[] = [];
  for (const { id, ...rest } of records) {
    try {
      const { value, record } = await muster.secrets.reveal({ id });
      secrets.push({ record, value });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
      secrets.push({ record: { id, ...rest }, missing: `not revealed: ${error.message}` });
    }
  }
  return secrets;
}

async function drawn(sheet: HandOver, format: (typeof FORMATS)[number]): Promise<string | Uint8Array> {
  switch (format) {
    case 'txt':
      return `${sheetLines(inertValue(sheet)).join('\n')}\n`;
    case 'html':
      return (await import('../../ledger/report/html.ts')).reportHtml(handOverDocument(sheet));
    case 'pdf':
      return (await import('../../ledger/report/pdf.ts')).reportPdf(handOverDocument(sheet));
  }
}
