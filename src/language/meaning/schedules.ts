import { didYouMean } from '../../model/suggest.ts';
import { typedInput } from '../../model/typed-value.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Draft, ScheduleDraft } from '../shape/draft.ts';
import { readJson } from '../shape/values.ts';

/** Checks that a schedule could start a run: its inputs fit the runbook. */
export function checkSchedules(draft: Draft, report: Reporter): void {
  for (const schedule of draft.schedules) {
    checkInputs(schedule, draft, report);
  }
}

function checkInputs(
  { name, at, inputs }: ScheduleDraft,
  { inputs: declared }: Draft,
  report: Reporter,
): void {
  for (const { key, at: keyAt, value } of inputs.values()) {
    const spec = declared.get(key)?.value;
    if (spec === undefined) {
      const hint = () =>
        didYouMean(key, [...declared.keys()]) ?? 'Declare it under `inputs`, or delete the line.';
      report.add('INPUT_UNKNOWN', keyAt, `The runbook has no input \`${key}\`.`, hint);
      continue;
    }
    const json = readJson(value, report);
    if (json === undefined) continue;
    const read = typedInput(json, spec, { readTexts: false });
    if (!('value' in read)) report.add(read.code, value, `\`${key}\`: ${read.message}`, spec.description);
  }
  for (const [key, { value: spec }] of declared) {
    if (inputs.has(key) || spec.default !== undefined || spec.requiredBy !== undefined) continue;
    const message = `The schedule \`${name}\` starts nothing without the input \`${key}\`.`;
    report.add('INPUT_MISSING', at, message, `Give it: inputs: { ${key}: … }.`);
  }
}
