import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  type TypedSearchAttributes,
} from '@temporalio/common';
import type { RunInput } from '../model/run.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';

const [RUNBOOK, MODE, OUTCOME, WAITING] = SEARCH_ATTRIBUTES;
const KEYS = {
  runbook: defineSearchAttributeKey(RUNBOOK, 'KEYWORD'),
  mode: defineSearchAttributeKey(MODE, 'KEYWORD'),
  outcome: defineSearchAttributeKey(OUTCOME, 'KEYWORD'),
  waiting: defineSearchAttributeKey(WAITING, 'KEYWORD'),
};

/** Stands for "none": Temporal cannot search for what is not there. */
const NONE = '-';

/** What a run can be found by from its first moment. */
export function attributesOf({ runbook, mode }: RunInput): SearchAttributePair[] {
  return [
    { key: KEYS.runbook, value: runbook },
    { key: KEYS.mode, value: mode },
    { key: KEYS.outcome, value: NONE },
    { key: KEYS.waiting, value: NONE },
  ];
}

/** What the search attributes of an execution tell. A missing one is undefined, like one that says "none". */
export function readAttributes(attributes: TypedSearchAttributes): {
  readonly [name in keyof typeof KEYS]: string | undefined;
} {
  const read = (name: keyof typeof KEYS): string | undefined => {
    const value = attributes.get(KEYS[name]);
    return value === NONE ? undefined : value;
  };
  return { runbook: read('runbook'), mode: read('mode'), outcome: read('outcome'), waiting: read('waiting') };
}
