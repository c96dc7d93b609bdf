import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Muster } from '../../src/client/index.ts';
import { readZip } from '../../src/ledger/index.ts';
import { runMuster } from '../cli/run-muster.ts';
import { pagesOf } from '../ledger/report/pdf-text.ts';
import { everythingIn } from '../store/support.ts';
import { executionsOf } from '../support/executions.ts';
import { textIn } from '../support/text-in.ts';
import type { CanarySite } from './canary-site.ts';
import type { Places } from './canary-list.ts';

const DAY_MS = 24 * 3_600_000;

/** Everything that is kept or shown of a run, a byte a character. */
export async function placesOf(
  { stage, channels, mail, logFiles }: CanarySite,
  {
    runId,
    operator,
    auditor,
  }: { readonly runId: string; readonly operator: Muster; readonly auditor: Muster },
): Promise<Places> {
  const { raw } = await stage.client.workflow.getHandle(runId).describe();
  const commands = await said(
    operator,
    ['show', runId],
    ['runs'],
    ['refusals', runId],
    ['secret', 'list'],
    ['finding', 'list'],
  );
  const audited = await said(auditor, ['people'], ['people', 'log'], ['token', 'list', '--all'], ['ledger']);
  const file = join(stage.folder, 'ledger.jsonl');
  await said(auditor, ['ledger', 'export', '-o', file]);
  const report = async (format: 'html' | 'json' | 'pdf'): Promise<Buffer[]> => {
    const period = { from: Date.now() - DAY_MS, to: Date.now() + DAY_MS, format };
    return [
      Buffer.from(await operator.report({ runId, format })),
      Buffer.from(await operator.periodReport(period)),
    ];
  };
  const pdfs = await report('pdf');
  const posts = [...channels.good.posts, ...channels.bad.posts].map(({ body }) => Buffer.from(body));
  return texts({
    tables: Object.values(await everythingIn(stage.databaseUrl)).flat(),
    histories: [textIn(await executionsOf(stage, runId)), textIn(raw)],
    bundle: readZip(await operator.evidence(runId)).flatMap(({ name, content }) => [
      name,
      Buffer.from(content),
    ]),
    'ledger export': [await readFile(file)],
    'HTML report': await report('html'),
    'JSON report': await report('json'),
    'PDF report': [...pdfs, ...pdfs.map((pdf) => Buffer.from(pagesOf(pdf).join('\n'), 'latin1'))],
    'show --json': await said(operator, ['show', runId, '--json']),
    commands: [...commands, ...audited],
    messages: [...posts, ...mail.mails.map(({ text }) => text.replaceAll('=\r\n', ''))],
    logs: await Promise.all(logFiles.map((each) => readFile(each))),
    'data folder': await filesBelow(join(stage.folder, 'data')),
  });
}

/** Texts as bytes, of which each is a character. */
export function texts(places: Readonly<Record<string, readonly (string | Buffer)[]>>): Places {
  return Object.fromEntries(
    Object.entries(places).map(([place, all]) => [
      place,
      all.map((each) => (typeof each === 'string' ? Buffer.from(each) : each).toString('latin1')),
    ]),
  );
}

async function said(muster: Muster, ...commands: readonly string[][]): Promise<string[]> {
  // A command closes what it was given.
  const open = { ...muster, close: async () => undefined };
  const answers = await Promise.all(commands.map((args) => runMuster(args, { muster: open })));
  const failed = answers.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`a command has failed: ${failed.stderr}`);
  return answers.flatMap(({ stdout, stderr }) => [stdout, stderr]);
}

/** The files of a folder, but for keys. */
async function filesBelow(folder: string): Promise<Buffer[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const open = files.filter((file) => file.isFile() && !/\/keys(\/|$)/.test(file.parentPath));
  return Promise.all(open.map((file) => readFile(join(file.parentPath, file.name))));
}
