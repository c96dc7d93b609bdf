import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from './cli-error.ts';
import { didYouMean } from '../model/suggest.ts';

const RUNBOOKS = fileURLToPath(new URL('../../runbooks', import.meta.url));
const TEMPLATES = join(RUNBOOKS, 'templates');
const SCHEMA = join(RUNBOOKS, 'runbook.schema.json');
const SUFFIX = '.yaml';
/** As the language wants it. */
const RUNBOOK_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** What `muster new` can begin with. */
export interface Template {
  readonly name: string;
  /** The first line of its comment. */
  readonly says: string;
}

/** The templates, by name. */
export async function listTemplates(): Promise<Template[]> {
  const files = (await readdir(TEMPLATES)).filter((file) => file.endsWith(SUFFIX)).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(TEMPLATES, file), 'utf8');
      // The first line is for editors.
      const [, about = ''] = text.split('\n').map((line) => line.replace(/^# /, ''));
      return { name: basename(file, SUFFIX), says: about.split(/(?<=\.) /)[0] ?? '' };
    }),
  );
}

/**
 * The text of a template for a file: named like the file, and with the way to the schema from there.
 *
 * @param file absolute; absent: for whoever only looks
 * @throws CliError `cli.templateUnknown`; `cli.usage` for a file that no runbook can be called like
 */
export async function fillTemplate(name: string, file: string | undefined): Promise<string> {
  const known = (await listTemplates()).map((template) => template.name);
  if (!known.includes(name)) {
    throw new CliError('cli.templateUnknown', `There is no template ${name}.`, {
      hint: didYouMean(name, known) ?? `There are ${known.join(', ')}.`,
    });
  }
  const text = await readFile(join(TEMPLATES, `${name}${SUFFIX}`), 'utf8');
  if (file === undefined) return text.trimEnd();
  const runbook = basename(file, extname(file));
  if (!['.yaml', '.yml'].includes(extname(file)) || !RUNBOOK_NAME.test(runbook)) {
    throw new CliError('cli.usage', `No runbook can be called like ${basename(file)}.`, {
      hint: 'A runbook is called like its file: small letters, digits and -, then .yaml.',
    });
  }
  const schema = relative(dirname(file), SCHEMA).split(sep).join('/');
  return text
    .replace(/\$schema=.*/, () => `$schema=${schema.startsWith('.') ? schema : `./${schema}`}`)
    .replace(/^name: .*/m, () => `name: ${runbook}`)
    .trimEnd();
}
