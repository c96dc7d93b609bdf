import { nameClashes, renderDiagnostics, type Diagnostic } from '../../language/index.ts';
import { MODES } from '../../model/runbook.ts';
import type { Validation } from '../../client/index.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';
import { answer } from '../output.ts';
import { inert } from '../render/inert.ts';
import { PAINT, styled } from '../render/style.ts';
import { readRunbook } from '../runbook-file.ts';

type Checked = Validation & { readonly file: string };

export const validate = command({
  name: 'validate',
  summary: 'Check runbooks without running them; no server is needed.',
  details:
    'With --mode, what only a start can check is checked as well: inputs, connections, what a drill may touch.',
  args: { file: { says: 'files or names of runbooks', many: true } },
  options: {
    mode: { flags: '--mode <mode>', says: 'check a start in this mode, too', choices: MODES },
    input: { flags: '-i, --input <name=value>', says: 'an input for that start', many: true },
  },
  examples: ['validate runbooks/*.yaml', 'validate dr-drill --mode drill -i plan=ERP-CANARY'],
  async run({ args, options, context }) {
    const inputs = await readInputs(options.input, context);
    const { mode } = options;
    const muster = await context.muster();
    const checked: Checked[] = [];
    for (const named of args.file) {
      const source = await readRunbook(named, context);
      checked.push({
        file: source.file,
        ...(await muster.validate({ ...source, inputs, ...(mode !== undefined && { mode }) })),
      });
    }
    const clashes = nameClashes(checked);
    const all = checked.map((one) => withClashes(one, clashes));
    answer(context, { value: all, text: () => all.map(report).join('\n\n') });
    return all.every(({ ok }) => ok) ? EXIT.ok : EXIT.badInput;
  },
});

/** Of several files: what no file can know of itself. */
function withClashes(checked: Checked, clashes: readonly Diagnostic[]): Checked {
  const own = clashes.filter(({ file }) => file === checked.file);
  return own.length === 0
    ? checked
    : { ...checked, ok: false, diagnostics: [...checked.diagnostics, ...own] };
}

function report({ file, ok, diagnostics, title = '', steps = 0 }: Checked): string {
  const found = diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, { paint: PAINT })];
  const verdict = ok
    ? `${styled('green', '✓')} ${inert(file)}: ${inert(title)}, ${steps} steps`
    : `${styled('red', '✗')} ${inert(file)} cannot be run.`;
  return [...found, verdict].join('\n');
}
