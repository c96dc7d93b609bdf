import type { Reporter } from '../diagnostics.ts';
import type { Range } from '../source-text.ts';
import type { Node } from '../yaml/tree.ts';
import { readText } from './values.ts';

const ID = /^[a-z][a-zA-Z0-9_]*$/;
const MAX_ID_LENGTH = 64;
/** CEL reads these as its own. */
const CEL_WORDS = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);
/** As the configuration writes them. */
const CONNECTION_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;

/** Also the names of files, without their ending. */
const RUNBOOK_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Whether a runbook can have this name. */
export function isRunbookName(name: string): boolean {
  return RUNBOOK_NAME.test(name);
}

/** Whether a name can stand in an expression; says so when it cannot. */
export function checkName(name: string, at: Range, report: Reporter): boolean {
  if (name.length > MAX_ID_LENGTH) {
    report.add('LENGTH', at, `A name has at most ${MAX_ID_LENGTH} characters.`);
    return false;
  }
  if (CEL_WORDS.has(name)) {
    report.add('ID', at, `\`${name}\` is a word of the expression language.`, 'Choose another name.');
    return false;
  }
  if (ID.test(name)) return true;
  const hint = 'A name is a small letter, then letters, digits and _: failOver2.';
  report.add('ID', at, `\`${name}\` cannot be spoken of in expressions.`, hint);
  return false;
}

/** The name of a connection of the configuration. */
export function readConnectionName(node: Node, report: Reporter): string | undefined {
  const name = readText(node, report, { what: 'The name of a connection' });
  if (name === undefined || CONNECTION_NAME.test(name.text)) return name?.text;
  report.add('VALUE', node, 'The name of a connection is made of letters, digits, `.`, `_` and `-`.');
  return undefined;
}
