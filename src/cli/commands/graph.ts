import { graphOf } from '../../language/index.ts';
import { MODES } from '../../model/runbook.ts';
import { command } from '../command.ts';
import { compileNamed } from '../compiled-runbook.ts';
import { EXIT } from '../exit-codes.ts';
import { mermaidOf } from '../render/mermaid.ts';
import { svgOf } from '../render/svg.ts';
import { deliver, OUT } from '../write-file.ts';

const FORMATS = { mermaid: mermaidOf, svg: svgOf } as const;

export const graph = command({
  name: 'graph',
  summary: 'Draw a runbook: Mermaid, or one SVG file.',
  details:
    'Needs no server. Where people are asked is a hexagon, what touches production has a thick red border, what stands ' +
    'side by side happens at the same time.',
  args: { runbook: { says: 'file or name of a runbook' } },
  options: {
    mode: { flags: '--mode <mode>', says: 'of which run; default: both', choices: MODES },
    format: {
      flags: '--format <format>',
      says: 'what to draw it as',
      choices: ['mermaid', 'svg'],
      default: 'mermaid',
    },
    out: OUT,
  },
  examples: ['graph dr-drill', 'graph production-failover --mode live --format svg --out failover.svg'],
  async run({ args, options: { mode, format, out }, context }) {
    const { runbook, library } = await compileNamed(args.runbook, context);
    const text = FORMATS[format](graphOf(runbook, { mode, library }));
    await deliver(context, { text, format, out });
    return EXIT.ok;
  },
});
