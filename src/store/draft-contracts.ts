import type { JsonObject } from '../model/json.ts';

/** A vote that waits for the login which is to prove it. Times are milliseconds since 1970. */
export interface KeptDraft {
  /** SHA-256 of what the browser that made it keeps, in hex. */
  readonly bindingHash: string;
  readonly person: string;
  /** What is said, and to which gate. */
  readonly draft: JsonObject;
  readonly madeAt: number;
  readonly expiresAt: number;
}

/** Votes that are not cast yet. */
export interface DraftStore {
  /** Keeps one; those that are too old go. */
  keep(draft: KeptDraft): Promise<void>;
  /** Takes it out: of two who try only one gets it. One that is too old is gone. */
  take(bindingHash: string, now: number): Promise<KeptDraft | undefined>;
}
