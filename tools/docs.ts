import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionsPage, errorsPage } from './doc-pages.ts';

/** Writes the pages of docs/ that are made from the code. A test holds them equal. */
const docs = join(import.meta.dirname, '..', 'docs');
await writeFile(join(docs, 'actions.md'), await actionsPage());
await writeFile(join(docs, 'errors.md'), await errorsPage());
console.log('docs/actions.md and docs/errors.md are written.');
