import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ACTIONS, kindMay, PERMISSIONS, ROLE_CLASSES, tokenMay, type Action } from '../src/identity/index.ts';
import { page, table } from './markdown.ts';

/** The page, whose text is written by hand and whose table is made. */
const PAGE = join(import.meta.dirname, '..', 'docs', 'people.md');

/** docs/people.md with its table made anew. Throws when the table has lost its place in the text. */
export async function peoplePage(): Promise<string> {
  const text = await readFile(PAGE, 'utf8');
  const parts = text.split(/<!-- made: permissions -->[^]*?<!-- end -->/);
  const [before, after] = parts;
  if (before === undefined || after === undefined || parts.length > 2) {
    throw new Error('docs/people.md has no place for: permissions.');
  }
  return page(`${before}<!-- made: permissions -->\n\n${permissions()}\n\n<!-- end -->${after}`);
}

function permissions(): string {
  const mark = (yes: boolean): string => (yes ? 'yes' : '');
  const rows = ACTIONS.map((action) => [
    `\`${action}\``,
    PERMISSIONS[action].says,
    ...ROLE_CLASSES.map((role) => mark(rolesOf(action).includes(role))),
    PERMISSIONS[action].reach,
    mark(kindMay('service', action)),
    mark(kindMay('break-glass', action)),
    mark(tokenMay(action)),
  ]);
  return table(['action', 'to', ...ROLE_CLASSES, 'a role for', 'service', 'break-glass', 'token'], rows);
}

function rolesOf(action: Action): readonly string[] {
  return PERMISSIONS[action].roles;
}
