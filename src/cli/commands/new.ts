import { resolve } from 'node:path';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { answer } from '../output.ts';
import { table } from '../render/table.ts';
import { fillTemplate, listTemplates } from '../templates.ts';
import { deliver, OUT } from '../write-file.ts';

export const newRunbook = command({
  name: 'new',
  summary: 'Begin a runbook from a template; without one, list the templates.',
  details: 'Shows the text, or writes it into a new file. A file that is there already is never overwritten.',
  args: { template: { says: 'name of a template', optional: true } },
  options: { out: OUT },
  examples: ['new', 'new drill --out runbooks/erp-drill.yaml'],
  async run({ args: { template }, options: { out }, context }) {
    if (template === undefined) {
      const templates = await listTemplates();
      const rows = templates.map(({ name, says }) => [name, says]);
      answer(context, { value: templates, text: () => table(['TEMPLATE', ''], rows).join('\n') });
      return EXIT.ok;
    }
    const text = await fillTemplate(template, out === undefined ? undefined : resolve(context.cwd, out));
    await deliver(context, { text, format: 'yaml', out, keep: true });
    return EXIT.ok;
  },
});
