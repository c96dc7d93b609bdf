import type { OperationCalls, VerbOf } from '../operation-calls.ts';
import type { ONE_API_VERSIONS, ONE_OPERATIONS } from './operations.ts';

export type OneApiVersion = (typeof ONE_API_VERSIONS)[number];

/** Veeam ONE's calls by verb. */
export type OneCalls = OperationCalls<typeof ONE_OPERATIONS>;

/** The verbs that read. */
export type OneReadVerb = VerbOf<typeof ONE_OPERATIONS, 'GET'>;
