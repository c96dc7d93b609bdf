import type { Method } from './transport.ts';

/**
 * How sure we are that an operation is as the table says, in the version that its source names; a note tells where an
 * older version is less sure. `A`: the vendor states it for this very version. `B`: the vendor states it for another
 * version, and public clients call it on this one. `C`: the vendor states it for another version only. `GUESS`: found
 * nowhere; it follows from its neighbours.
 */
export type Confidence = 'A' | 'B' | 'C' | 'GUESS';

/**
 * One call of a vendor's API as data. The clients take their routes from the tables of these; the documentation is made
 * from them and the coverage test walks them.
 */
export interface Operation {
  readonly method: Method;
  /** Path template below the API's root, with `{id}` for what the caller fills in. */
  readonly path: string;
  /** The API versions that have it, as the client's options spell them. */
  readonly versions: readonly string[];
  readonly confidence: Confidence;
  /** Where the operation is described: document and section. */
  readonly source: string;
  /** What is left open, or how to configure a guess away. */
  readonly note?: string;
}
