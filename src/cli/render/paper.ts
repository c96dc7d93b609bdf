import type { ExplainedStep, Explanation } from '../../language/index.ts';
import type { Json, JsonObject } from '../../model/json.ts';

/** The paper runbook as a document, before it is written as Markdown or HTML. Texts are not escaped yet. */
export interface Paper {
  readonly title: string;
  readonly blocks: readonly PaperBlock[];
}

export type PaperBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'values'; readonly values: readonly PaperValue[] }
  | { readonly kind: 'step'; readonly step: PaperStep };

/** A value that is known, or a line to write it on. */
export interface PaperValue {
  readonly label: string;
  readonly value?: string;
}

/** A step with a box to tick and lines to fill in. */
export interface PaperStep {
  readonly number: string;
  readonly title: string;
  /** Steps that hold others have no box of their own. */
  readonly box: boolean;
  readonly depth: number;
  readonly production: boolean;
  readonly says: readonly string[];
  readonly byHand?: string;
  /** Labels with a line behind each: signatures, times, values. */
  readonly blanks: readonly string[];
}

const INTRODUCTION =
  'For the day when muster itself cannot be used. Do the steps in this order, by hand. Tick each box when the step is done, ' +
  'and note the time: what is written here is the record of this run. Stop and call when something is not as it says.';

/** Makes the paper runbook of an explanation. `inputs` are known already; `digest` is that of the runbook. */
export function paperOf(
  explanation: Explanation,
  { inputs, digest }: { readonly inputs: JsonObject; readonly digest: string },
): Paper {
  const { name, title, description, owner, contacts, mode, objectives, needs, warnings, parts } = explanation;
  return {
    title,
    blocks: [
      ...(description === undefined ? [] : [text(description)]),
      ...(mode === undefined ? [] : [text(`This paper is for a ${mode === 'live' ? 'LIVE run' : 'drill'}.`)]),
      text(INTRODUCTION),
      ...listUnder('Whom to call', [...(owner === undefined ? [] : [owner]), ...contacts]),
      ...listUnder('What was promised', objectives),
      ...listUnder('What to know before beginning', warnings),
      ...valuesUnder(
        'Begin',
        ['Date and time', 'Done by', ...(mode === undefined ? ['Drill or real'] : [])].map(blank),
      ),
      ...valuesUnder(
        'Values',
        needs.map(({ name: input, says }) => ({ ...blank(`${input}, ${says}`), ...given(inputs[input]) })),
      ),
      ...parts.flatMap((part): PaperBlock[] => [
        heading(part.heading),
        ...(part.says === undefined ? [] : [text(part.says)]),
        ...part.steps.flatMap((step) => stepBlocks(step, 0)),
      ]),
      ...valuesUnder('End', ['Date and time', 'How it ended', 'Signature'].map(blank)),
      text(`Printed from the runbook ${name}, SHA-256 ${digest}.`),
    ],
  };
}

const blank = (label: string): PaperValue => ({ label });

function given(value: Json | undefined): Pick<PaperValue, 'value'> {
  if (value === undefined) return {};
  return { value: typeof value === 'string' ? value : JSON.stringify(value) };
}

const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
const text = (words: string): PaperBlock => ({ kind: 'text', text: words });

function listUnder(title: string, items: readonly string[]): PaperBlock[] {
  return items.length === 0 ? [] : [heading(title), { kind: 'list', items }];
}

function valuesUnder(title: string, values: readonly PaperValue[]): PaperBlock[] {
  return values.length === 0 ? [] : [heading(title), { kind: 'values', values }];
}

function stepBlocks(step: ExplainedStep, depth: number): PaperBlock[] {
  const { number, title, kind, production, says, byHand, signers = [], fields = [], children } = step;
  const box = children.length === 0;
  const paper: PaperStep = {
    number,
    title,
    box,
    depth,
    production,
    says: kind === 'approval' || kind === 'manual' || !box ? says : says.filter(isForPeople),
    ...(byHand === undefined ? {} : { byHand }),
    blanks: [
      ...signers.map((role) => `Yes or no, name, time and signature (${role})`),
      ...fields,
      ...(box && signers.length === 0 ? ['Done at, by'] : []),
    ],
  };
  return [{ kind: 'step', step: paper }, ...children.flatMap((child) => stepBlocks(child, depth + 1))];
}

/** How muster does something is no help where it is done by hand. */
function isForPeople(line: string): boolean {
  return !line.startsWith('It uses ');
}
