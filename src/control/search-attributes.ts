import type { TypedSearchAttributes } from '@temporalio/common';
import { ATTRIBUTES, NONE } from '../../workflows/search-attributes.ts';

export { attributesOf } from '../../workflows/search-attributes.ts';

/** What the search attributes of an execution tell. A missing one is undefined, like one that says "none". */
export function readAttributes(attributes: TypedSearchAttributes): {
  readonly [name in keyof typeof ATTRIBUTES]: string | undefined;
} {
  const read = (name: keyof typeof ATTRIBUTES): string | undefined => {
    const value = attributes.get(ATTRIBUTES[name]);
    return value === NONE ? undefined : value;
  };
  return { runbook: read('runbook'), mode: read('mode'), outcome: read('outcome'), waiting: read('waiting') };
}
