import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionsPage, errorsPage } from './doc-pages.ts';
import { peoplePage } from './people-page.ts';
import { schemaFile } from './schema-file.ts';
import { veeamPage } from './veeam-page.ts';

/** Writes what is made from the code: pages of docs/, or tables in them, and the schema for editors. A test holds them equal. */
const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
await writeFile(join(docs, 'actions.md'), await actionsPage());
await writeFile(join(docs, 'errors.md'), await errorsPage());
await writeFile(join(docs, 'veeam.md'), await veeamPage());
await writeFile(join(docs, 'people.md'), await peoplePage());
await writeFile(join(root, 'runbooks', 'runbook.schema.json'), await schemaFile());
console.log(
  'docs/actions.md, docs/errors.md, the tables of docs/veeam.md and docs/people.md, and runbooks/runbook.schema.json are written.',
);
