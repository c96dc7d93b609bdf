import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionsPage, errorsPage } from '../tools/doc-pages.ts';
import { peoplePage } from '../tools/people-page.ts';
import { schemaFile } from '../tools/schema-file.ts';
import { veeamPage } from '../tools/veeam-page.ts';

const files = {
  'docs/actions.md': actionsPage,
  'docs/errors.md': errorsPage,
  'docs/people.md': peoplePage,
  'docs/veeam.md': veeamPage,
  'runbooks/runbook.schema.json': schemaFile,
};

for (const [name, made] of Object.entries(files)) {
  test(`${name} says what the code says (npm run docs)`, async () => {
    expect(await readFile(join(import.meta.dirname, '..', name), 'utf8')).toBe(await made());
  });
}
