import { newRunId, type Control } from '../control/index.ts';
import type { Diagnostic } from '../language/index.ts';
import type { JsonObject } from '../model/json.ts';
import { allSteps, type CompiledRunbook } from '../model/runbook.ts';
import type { ContentStore } from '../store/index.ts';
import { castVote, personNamed, requestCancel, type AnswerParts } from './answer.ts';
import { MusterError } from './errors.ts';
import type { Muster, StartRequest, ValidateRequest } from './muster.ts';
import { viewOf } from './run-view.ts';
import { translated } from './translate-error.ts';

/** What the runbook language does for a start, with the rules of the configuration already in it. */
export interface LanguageDoor {
  /** The compiled runbook, absent when a diagnostic is an error. */
  compile(source: { readonly file: string; readonly text: string }): {
    readonly runbook?: CompiledRunbook;
    readonly diagnostics: readonly Diagnostic[];
  };
  /** Whether a compiled runbook may be started like this, and with which inputs. */
  checkStart(
    runbook: CompiledRunbook,
    request: Pick<StartRequest, 'mode' | 'inputs' | 'file' | 'text'>,
  ): { readonly inputs?: JsonObject; readonly diagnostics: readonly Diagnostic[] };
  /** The text whose digest names the runbook. */
  canonicalText(runbook: CompiledRunbook): string;
}

export interface MusterParts extends Omit<AnswerParts, 'now' | 'sleep'> {
  readonly control: Control;
  readonly contents: Pick<ContentStore, 'put'>;
  readonly language: LanguageDoor;
  /** Ends what was opened to make the parts, such as the connection of the control. */
  readonly close?: () => Promise<void>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** The operations of muster, done in this process. */
export function createMuster({
  now = Date.now,
  sleep = pause,
  close = async () => undefined,
  ...parts
}: MusterParts): Muster {
  const { control, contents, language } = parts;
  const answering: AnswerParts = { ...parts, now, sleep };

  const check = ({ file, text, mode, inputs = {} }: ValidateRequest) => {
    const { runbook, diagnostics } = language.compile({ file, text });
    if (runbook === undefined || mode === undefined) return { runbook, diagnostics };
    const start = language.checkStart(runbook, { file, text, mode, inputs });
    return { runbook, inputs: start.inputs, diagnostics: [...diagnostics, ...start.diagnostics] };
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
          steps: allSteps(runbook).length,
        }),
      };
    },

    async start(request) {
      const { file, mode, purpose, person, continueAfter } = request;
      const { runbook, inputs, diagnostics } = check(request);
      if (runbook === undefined || inputs === undefined || diagnostics.some(isError)) {
        throw new MusterError('run.refused', `${file} cannot be started like this.`, { diagnostics });
      }
      personNamed(person, parts.people);
      const digest = await contents.put(language.canonicalText(runbook));
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

    list: (request = {}) => translated(() => control.list(request)),
    show: (runId) => translated(() => viewOf(runId, control)),
    vote: (request) => castVote(request, answering),
    cancel: (request) => requestCancel(request, answering),
    result: (runId, options) => translated(() => control.result(runId, options)),
    close,
  };
}
