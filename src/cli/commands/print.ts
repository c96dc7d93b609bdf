import { explainRunbook } from '../../language/index.ts';
import { MODES } from '../../model/runbook.ts';
import { command } from '../command.ts';
import { compileNamed, knownInputs } from '../compiled-runbook.ts';
import { EXIT } from '../exit-codes.ts';
import { paperHtml } from '../render/paper-html.ts';
import { paperMarkdown } from '../render/paper-markdown.ts';
import { paperOf } from '../render/paper.ts';
import { deliver, OUT } from '../write-file.ts';

const FORMATS = { md: paperMarkdown, html: paperHtml } as const;

export const print = command({
  name: 'print',
  summary: 'Make the paper runbook: tick boxes, contacts and steps by hand, for when muster itself is down.',
  details:
    'Needs no server. Print it again whenever the runbook changes, and keep it where it can be reached.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    mode: { flags: '--mode <mode>', says: 'of which run; default: both', choices: MODES },
    input: { flags: '-i, --input <name=value>', says: 'an input that is known already', many: true },
    format: {
      flags: '--format <format>',
      says: 'md, or one HTML file that needs nothing else',
      choices: ['md', 'html'],
      default: 'md',
    },
    out: OUT,
  },
  examples: [
    'print production-failover --mode live -i plan=ERP --format html --out erp.html',
    'print dr-drill --mode drill',
  ],
  async run({ args, options: { mode, input, format, out }, context }) {
    const named = await compileNamed(args.runbook, context);
    const inputs = await knownInputs(named, input, context);
    const explained = explainRunbook(named.runbook, { mode, inputs, library: named.library });
    const paper = paperOf(explained, { inputs, digest: named.digest });
    await deliver(context, { text: FORMATS[format](paper), format, out });
    return EXIT.ok;
  },
});
