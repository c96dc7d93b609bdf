import { createHash } from 'node:crypto';
import { newRunId, type Control } from '../control/index.ts';
import {
  canonicalText,
  checkStart,
  compileRunbook,
  createLibrary,
  type Diagnostic,
  type StartRules,
} from '../language/index.ts';
import { allSteps } from '../model/runbook.ts';
import type { ContentStore } from '../store/index.ts';
import { castVote, personNamed, requestCancel, requestPause, type AnswerParts } from './answer.ts';
import { MusterError } from './errors.ts';
import { assertRerunnable } from './rerun.ts';
import type { Muster, ValidateRequest } from './muster.ts';
import { viewOf } from './run-view.ts';
import { translated } from './translate-error.ts';

export type { People } from './answer.ts';

/** What the operations are made of. */
export interface MusterParts extends Omit<AnswerParts, 'now' | 'sleep'> {
  readonly control: Control;
  readonly contents: Pick<ContentStore, 'put'>;
  /** What the configuration allows the runbook of this name. */
  readonly rulesFor: (runbook: string) => StartRules;
  /** Ends what was opened to make the parts, such as the connection of the control. */
  readonly close?: () => Promise<void>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** The name the content store would give a text. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The operations of muster, done in this process. */
export function createMuster({
  now = Date.now,
  sleep = pause,
  close = async () => undefined,
  ...parts
}: MusterParts): Muster {
  const { control, contents, rulesFor } = parts;
  const answering: AnswerParts = { ...parts, now, sleep };

  const check = (
    { file, text, mode, inputs = {}, library: texts = {} }: ValidateRequest,
    starter?: string,
  ) => {
    const library = createLibrary(texts, digestOf);
    const { runbook, diagnostics, positions } = compileRunbook({ file, text, library });
    if (runbook === undefined || mode === undefined) return { runbook, diagnostics, children: [] };
    const who = starter === undefined ? {} : { starter };
    const digest = digestOf(canonicalText(runbook));
    const start = checkStart({ runbook, positions, mode, inputs, digest, library, rulesFor, ...who });
    return {
      runbook,
      inputs: start.inputs,
      diagnostics: [...diagnostics, ...start.diagnostics],
      children: library.compiled(),
    };
  };

  return {
    async validate(request) {
      const { runbook, diagnostics } = check(request);
      return {
        ok: !diagnostics.some(isError),
        diagnostics,
        ...(runbook !== undefined && {
          name: runbook.name,
          title: runbook.title,
          digest: digestOf(canonicalText(runbook)),
          steps: allSteps(runbook).length,
        }),
      };
    },

    async start(request) {
      const { file, mode, purpose, person, continueAfter } = request;
      const { runbook, inputs, diagnostics, children } = check(request, person);
      if (runbook === undefined || inputs === undefined || diagnostics.some(isError)) {
        throw new MusterError('run.refused', `${file} cannot be started like this.`, { diagnostics });
      }
      personNamed(person, parts.people);
      for (const child of children) await contents.put(canonicalText(child.runbook));
      const digest = await contents.put(canonicalText(runbook));
      const runId = newRunId(runbook.name, now());
      await translated(() =>
        control.start(
          {
            runbook: runbook.name,
            runbookDigest: digest,
            mode,
            purpose,
            inputs,
            starter: person,
            ...(continueAfter !== undefined && { continueAfter }),
          },
          runId,
        ),
      );
      return { runId, digest };
    },

    async rerun({ runId, from, person }) {
      personNamed(person, parts.people);
      const before = await translated(() => control.carried(runId));
      const { steps } = await translated(() => control.timeline(runId));
      const { runbook: name } = before.input;
      assertRerunnable(before, steps, { runId, from, rules: rulesFor(name) });
      const next = newRunId(name, now());
      const { firstExecutionIds, snapshot, input } = before;
      const takesOver = { runId, from, firstExecutionIds, snapshot };
      await translated(() => control.start({ ...input, starter: person, takesOver }, next));
      return { runId: next, digest: input.runbookDigest };
    },

    list: (request = {}) => translated(() => control.list(request)),
    show: (runId) => translated(() => viewOf(runId, control)),
    vote: (request) => castVote(request, answering),
    cancel: (request) => requestCancel(request, answering),
    pause: (request) => requestPause('pause', request, answering),
    resume: (request) => requestPause('resume', request, answering),
    result: (runId, options) => translated(() => control.result(runId, options)),
    close,
  };
}
