/** A trial: something tried for long, with random values, that stops at a time and can be resumed. */
export interface Trial {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  run(options: TrialOptions): Promise<TrialResult>;
}

export interface TrialOptions {
  /** Undefined: the one it is resumed from, else a new one. */
  readonly seed: number | undefined;
  readonly minutes: number;
  /** Whether to go on where the last run of the same trial ended. */
  readonly resume: boolean;
  /** The trial's own, for its state and what it found; it may not exist yet. */
  readonly folder: string;
  /** Aborts when somebody wants it to end; it can be resumed. */
  readonly signal: AbortSignal;
  /** Tells people how it goes. */
  readonly say: (line: string) => void;
}

export interface TrialResult {
  /** Whether nothing was found. */
  readonly ok: boolean;
  /** One line with the figures. */
  readonly summary: string;
}
