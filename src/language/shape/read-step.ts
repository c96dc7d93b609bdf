import { MODES, ROLLBACK_ID, type Mode, type Step } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Range } from '../source-text.ts';
import type { Entry, Node } from '../yaml/tree.ts';
import type { DraftBody, DraftStep } from './draft.ts';
import { openList, openMap, type Fields } from './fields.ts';
import { checkName } from './names.ts';
import { readLinks, readMarks } from './read-about.ts';
import { readApproval } from './read-approval.ts';
import { readChild } from './read-child.ts';
import { readForEach } from './read-for-each.ts';
import { readManual } from './read-manual.ts';
import { readUses } from './read-uses.ts';
import { readWait } from './read-wait.ts';
import { readWindow } from './read-window.ts';
import { readBoolean, readExpression, readInteger, readText, readWord } from './values.ts';
import {
  BY_MODE,
  MODE_WORDS,
  ONLY_ON,
  POLICY_WORDS,
  STEP,
  STEP_KINDS,
  type StepKindWord,
} from './vocabulary.ts';

/** A run's state and its timeline grow with its steps. */
const MAX_STEPS = 2_000;
/** Temporal refuses more pending activities than 2,000; 500 leaves room for what they start. */
const MAX_BRANCHES = 500;
const MAX_TITLE_LENGTH = 200;
/** Three lists in each other are more than anybody reads. */
const MAX_LOOP_DEPTH = 3;

/** Where a list of steps stands: what it is called, and what the paths of its steps begin with. */
interface Place {
  readonly what: string;
  readonly prefix: string;
  readonly loops?: number;
}

/** Reads steps; knows all ids of the runbook. */
export class StepReader {
  readonly #report: Reporter;
  readonly #ids = new Set<string>();
  #steps = 0;

  constructor(report: Reporter) {
    this.#report = report;
  }

  readList(node: Node, place: Place): DraftStep[] {
    const { what } = place;
    const items = openList(node, what, this.#report) ?? [];
    if (node.kind === 'list' && items.length === 0) {
      this.#report.add('REQUIRED', node, `${what} has no step.`);
    }
    return items.flatMap((item) => this.#readStep(item, place) ?? []);
  }

  #readStep(node: Node, { prefix, loops = 0 }: Place): DraftStep | undefined {
    const report = this.#report;
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) {
      if (this.#steps === MAX_STEPS + 1) {
        report.add('COUNT', node, `A runbook has at most ${MAX_STEPS} steps.`);
      }
      return undefined;
    }
    const fields = openMap(node, STEP, report);
    if (fields === undefined) return undefined;
    const { id, at } = this.#readId(fields);
    const path = `${prefix}${id}`;
    const title = fields.get('title');
    const condition = fields.get('if');
    const titleText =
      title && readText(title.value, report, { what: '`title`', max: MAX_TITLE_LENGTH, templates: true });
    const conditionText = condition && readExpression(condition.value, report, '`if`');
    const modes = readModes(fields.get('modes'), report);
    const onFailure = readPolicy(fields.get('onFailure'), report);
    const window = readWindow(fields.get('window'), report);
    const about = fields.get('description')?.value;
    const description = about && readText(about, report, { what: '`description`' })?.text;
    const links = readLinks(fields.get('links'), report);
    const marks = readMarks(fields.get('marks'), report);
    return {
      id,
      path,
      at,
      ...(titleText === undefined ? {} : { title: titleText }),
      ...(modes === undefined ? {} : { modes }),
      ...(conditionText === undefined ? {} : { if: conditionText }),
      ...(onFailure === undefined ? {} : { onFailure }),
      ...(window === undefined ? {} : { window }),
      ...(description === undefined ? {} : { description }),
      ...(links === undefined ? {} : { links }),
      ...(marks === undefined ? {} : { marks }),
      body: this.#readBody(fields, path, loops),
    };
  }

  #readId(fields: Fields): { id: string; at: Range } {
    const report = this.#report;
    const entry = fields.need('id', 'Expressions, votes and the timeline name the step by it.');
    const text = entry && readText(entry.value, report, { what: '`id`' });
    if (text === undefined) return { id: '?', at: entry?.at ?? fields.at };
    if (checkName(text.text, text.node, report) && this.#ids.has(text.text)) {
      const message = `Another step has the id \`${text.text}\` already.`;
      report.add('DUPLICATE_ID', text.node, message, 'Ids are unique in the whole runbook.');
    }
    if (text.text === ROLLBACK_ID) {
      const message = `\`${ROLLBACK_ID}\` is the name of what takes a step back.`;
      report.add('ID', text.node, message, 'Choose another name.');
    }
    this.#ids.add(text.text);
    return { id: text.text, at: text.node };
  }

  #readBody(fields: Fields, path: string, loops: number): DraftBody {
    const report = this.#report;
    // In the order of the file, so that the second one is pointed at.
    const kinds = [...fields.node.entries.keys()].flatMap(
      (key) => STEP_KINDS.find((kind) => kind === key) ?? [],
    );
    const [kind, second] = kinds;
    if (kind === undefined) {
      const hint = `Give it one of ${STEP_KINDS.join(', ')}.`;
      report.add('STEP_KIND', fields.at, 'The step does nothing.', hint);
      return { kind: 'broken' };
    }
    if (second !== undefined) {
      const message = `A step does one thing: \`${kind}\` or \`${second}\`, not both.`;
      report.add('STEP_KIND', fields.get(second)?.at ?? fields.at, message, 'Make two steps of it.');
      return { kind: 'broken' };
    }
    for (const [key, fitting] of Object.entries(ONLY_ON)) {
      if (!fitting.includes(kind)) refuse(fields.get(key), kind, report);
    }
    const entry = fields.get(kind);
    const loop = kind === 'steps' ? fields.get('forEach') : undefined;
    if (entry === undefined) return { kind: 'broken' };
    return loop === undefined
      ? this.#readKind(kind, entry.value, { fields, path, loops })
      : this.#readLoop(loop, entry.value, { path, loops });
  }

  #readLoop(loop: Entry, steps: Node, { path, loops }: { path: string; loops: number }): DraftBody {
    const depth = loops + 1;
    if (depth > MAX_LOOP_DEPTH) {
      const hint = 'Make one list of all combinations, and one loop over it.';
      this.#report.add('DEPTH', loop.at, `Loops stand at most ${MAX_LOOP_DEPTH} deep in each other.`, hint);
    }
    const children = this.readList(steps, { what: '`steps`', prefix: `${path}/`, loops: depth });
    return { kind: 'forEach', children, ...readForEach(loop.value, this.#report) };
  }

  #readKind(
    kind: (typeof STEP_KINDS)[number],
    value: Node,
    { fields, path, loops }: { fields: Fields; path: string; loops: number },
  ): DraftBody {
    const report = this.#report;
    switch (kind) {
      case 'uses':
        return readUses(value, fields, report);
      case 'approval':
        return readApproval(value, fields, report);
      case 'manual':
        return readManual(value, fields, report);
      case 'wait':
        return readWait(value, report);
      case 'check': {
        const check = readExpression(value, report, '`check`');
        return { kind, ...(check && { check }) };
      }
      case 'steps':
        return { kind, children: this.readList(value, { what: '`steps`', prefix: `${path}/`, loops }) };
      case 'parallel':
        return this.#readParallel(value, { fields, path, loops });
      case 'runbook':
        return readChild(value, fields, report);
    }
  }

  #readParallel(
    value: Node,
    { fields, path, loops }: { fields: Fields; path: string; loops: number },
  ): DraftBody {
    const report = this.#report;
    const children = this.readList(value, { what: '`parallel`', prefix: `${path}/`, loops });
    if (children.length > MAX_BRANCHES) {
      report.add('COUNT', value, `At most ${MAX_BRANCHES} branches run side by side.`);
    }
    const most = fields.get('maxConcurrency')?.value;
    const range = { what: '`maxConcurrency`', min: 1, max: MAX_BRANCHES };
    const maxConcurrency = most && readInteger(most, report, range);
    const failFast = fields.get('failFast')?.value;
    const isFailFast = failFast !== undefined && readBoolean(failFast, report, '`failFast`') === true;
    return {
      kind: 'parallel',
      children,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      ...(isFailFast ? { failFast: true } : {}),
    };
  }
}

/** What to do instead, by key. */
const INSTEAD: Readonly<Record<string, string>> = {
  forEach: 'Put what is done for each item under `steps`.',
  maxConcurrency: 'It belongs to `parallel`, and into `forEach`.',
  failFast: 'It belongs to `parallel`.',
  with: 'It belongs to steps that use an action or run a runbook.',
};

/** The same for `timeout`, by the kind of the step. */
const INSTEAD_OF_TIMEOUT: Readonly<Partial<Record<StepKindWord, string>>> = {
  approval: 'Put it inside `approval`; its end never means yes.',
  manual: 'Put it inside `manual`; its end never means yes.',
  wait: 'It waits as long as it says; delete the line.',
  check: 'It is done at once; delete the line.',
  // Ending them from outside would end the gates of commands that were sent, about which only people can decide.
  steps: 'Give one to each step in it: what was sent in it needs a decision of its own.',
  parallel: 'Give one to each step in it: what was sent in it needs a decision of its own.',
  runbook: 'Give one to each step of that runbook: what was sent in it needs a decision of its own.',
};

function refuse(entry: Entry | undefined, kind: StepKindWord, report: Reporter): void {
  if (entry === undefined) return;
  const { key, at } = entry;
  const instead = key === 'timeout' ? INSTEAD_OF_TIMEOUT[kind] : INSTEAD[key];
  const hint = instead ?? 'It belongs to steps that use an action.';
  report.add('MISPLACED', at, `\`${key}\` makes no sense beside \`${kind}\`.`, hint);
}

function readModes(entry: Entry | undefined, report: Reporter): Mode[] | undefined {
  const items = entry && openList(entry.value, '`modes`', report);
  if (items === undefined || entry === undefined) return undefined;
  if (items.length === 0) {
    report.add('REQUIRED', entry.value, 'A step without modes never runs.', 'Leave `modes` out for all.');
  }
  const modes = items.flatMap((item) => readWord(item, report, { what: 'A mode', ...MODE_WORDS }) ?? []);
  return MODES.filter((mode) => modes.includes(mode));
}

function readPolicy(entry: Entry | undefined, report: Reporter): Step['onFailure'] {
  if (entry === undefined) return undefined;
  const read = (node: Node) => readWord(node, report, { what: '`onFailure`', ...POLICY_WORDS });
  if (entry.value.kind !== 'map') return read(entry.value);
  const choice = openMap(entry.value, BY_MODE, report);
  const policies = MODES.flatMap((mode) => {
    const node = choice?.get(mode)?.value;
    const policy = node && read(node);
    return policy === undefined ? [] : [[mode, policy] as const];
  });
  return Object.fromEntries(policies);
}
