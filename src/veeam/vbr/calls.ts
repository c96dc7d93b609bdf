import type { OperationCalls, VerbOf } from '../operation-calls.ts';
import type { VBR_OPERATIONS } from './operations.ts';

/** VBR's calls by verb. */
export type VbrCalls = OperationCalls<typeof VBR_OPERATIONS>;

/** The verbs that read. */
export type VbrReadVerb = VerbOf<typeof VBR_OPERATIONS, 'GET'>;
