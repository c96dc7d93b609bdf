import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionsPage, errorsPage } from './doc-pages.ts';
import { veeamPage } from './veeam-page.ts';

/** Writes the pages of docs/ that are made from the code, or have tables that are. A test holds them equal. */
const docs = join(import.meta.dirname, '..', 'docs');
await writeFile(join(docs, 'actions.md'), await actionsPage());
await writeFile(join(docs, 'errors.md'), await errorsPage());
await writeFile(join(docs, 'veeam.md'), await veeamPage());
console.log('docs/actions.md, docs/errors.md and the tables of docs/veeam.md are written.');
