import type { JsonObject } from '../../src/model/json.ts';
import type { StepError } from '../step-error.ts';

/** A target as it was found right before a command. */
export interface Observed {
  /** `connection/kind/id`. */
  readonly target: string;
  /** The target's name for people and for lists in the configuration; the id where there is none. */
  readonly targetName: string;
  /** Of a command on several things: each of them, as configuration and cleanup know it. */
  readonly members?: readonly { readonly target: string; readonly name: string }[];
  /** What a later look is compared with. */
  readonly baseline: JsonObject;
  /** What must be the same right before sending as it was now. */
  readonly stateClass: string;
  /** The goal of the command holds already, so nothing has to be sent. */
  readonly satisfied?: { readonly note: string; readonly output: JsonObject };
  /** Why the command may not be sent in this state. */
  readonly illegal?: StepError;
}

/**
 * What looking again tells about a command that was sent.
 * - `happened`: its effect is there; `output` is what the command would have answered.
 * - `nothing`: no trace of it.
 * - `strange`: something happened, but not surely this.
 */
export type Sighting =
  | { readonly saw: 'happened'; readonly output?: JsonObject }
  | { readonly saw: 'nothing' }
  | { readonly saw: 'strange'; readonly what: string };

/** How one command acts on its kind of target; the protocol around it is in perform.ts. */
export interface CommandDriver {
  /** Reads the target. */
  observe(): Promise<Observed>;
  /** Sends the request once; `beforeSend` is the fence and must be the last thing before the first byte. */
  send(observed: Observed, beforeSend: () => Promise<void>): Promise<JsonObject | undefined>;
  /** Looks whether the command took effect since `baseline`. */
  look(baseline: JsonObject): Promise<Sighting>;
  /** Told when the goal held already, and nothing was sent. */
  satisfied?(): Promise<void>;
  /** How late an effect may show after it was sent, in milliseconds. */
  readonly effectLagMs: number;
}
