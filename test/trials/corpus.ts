import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const SEEDS = join(import.meta.dirname, 'corpus');

/** What fuzzing starts from: the runbooks that ship, the examples of the pages, and hostile seeds. */
export interface Corpus {
  readonly runbooks: readonly string[];
  readonly expressions: readonly string[];
  readonly tables: readonly string[];
  readonly patterns: readonly string[];
}

export async function readCorpus(): Promise<Corpus> {
  const [shipped, seeds, page] = await Promise.all([
    textsIn(join(ROOT, 'runbooks'), '.yaml'),
    textsIn(SEEDS, '.txt'),
    readFile(join(ROOT, 'docs', 'language.md'), 'utf8'),
  ]);
  const examples = [...page.matchAll(/^```yaml.*\n([^]*?)^```$/gm)].map(({ 1: body = '' }) => wrapped(body));
  const hostile = seeds.filter(({ name }) => name.startsWith('runbook-')).map(({ text }) => text);
  const lines = (prefix: string): string[] =>
    seeds
      .filter(({ name }) => name.startsWith(prefix))
      .flatMap(({ text }) => text.split('\n').filter((line) => line !== ''));
  const runbooks = [...shipped.map(({ text }) => text), ...examples, ...hostile];
  return {
    runbooks,
    expressions: [...new Set([...runbooks.flatMap(expressionsIn), ...lines('expressions')])],
    tables: seeds.filter(({ name }) => name.startsWith('table-')).map(({ text }) => text),
    patterns: lines('patterns'),
  };
}

async function textsIn(folder: string, suffix: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

/** A fragment of a page as a runbook that is whole, or nearly. */
function wrapped(fragment: string): string {
  if (/^apiVersion:/m.test(fragment)) return fragment;
  const head = 'apiVersion: muster/v1\nname: example\nconnections: { vro: dr-site, vbr: dr-backup }\n';
  return /^- /m.test(fragment)
    ? `${head}steps:\n${fragment}`
    : `${head}${fragment}\nsteps: [{ id: only, wait: 1s }]\n`;
}

function expressionsIn(text: string): string[] {
  const templates = [...text.matchAll(/\$\{\{(.+?)\}\}/g)];
  const bare = [...text.matchAll(/(?:if|check): ['"]?([^'"\n}][^\n]*?)['"]?\s*(?:[,}].*)?$/gm)];
  return [...templates, ...bare].map(({ 1: source = '' }) => source.trim());
}
