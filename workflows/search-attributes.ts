import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { RunInput } from '../src/model/run.ts';
import { SEARCH_ATTRIBUTES } from './messages.ts';

const [RUNBOOK, MODE, OUTCOME, WAITING] = SEARCH_ATTRIBUTES;

/** The search attributes of a run. */
export const ATTRIBUTES = {
  runbook: defineSearchAttributeKey(RUNBOOK, 'KEYWORD'),
  mode: defineSearchAttributeKey(MODE, 'KEYWORD'),
  outcome: defineSearchAttributeKey(OUTCOME, 'KEYWORD'),
  waiting: defineSearchAttributeKey(WAITING, 'KEYWORD'),
} as const;

/** Stands for "none": Temporal cannot search for what is not there. */
export const NONE = '-';

/** What a run can be found by from its first moment. */
export function attributesOf({ runbook, mode }: Pick<RunInput, 'runbook' | 'mode'>): SearchAttributePair[] {
  return [
    { key: ATTRIBUTES.runbook, value: runbook },
    { key: ATTRIBUTES.mode, value: mode },
    { key: ATTRIBUTES.outcome, value: NONE },
    { key: ATTRIBUTES.waiting, value: NONE },
  ];
}
