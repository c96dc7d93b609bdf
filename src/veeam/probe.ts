import type { CallOptions } from './calls.ts';
import { VeeamError } from './errors.ts';
import type { VeeamErrorCode } from './errors.ts';
import { settingsOf } from './options.ts';
import type { ConnectionOptions } from './options.ts';
import { probeSteps } from './probe-steps.ts';
import type { ProbeFacts, ProbeStepName } from './probe-steps.ts';
import { withScope } from './scope.ts';
import { createScrubber } from './scrubber.ts';
import { transportError } from './transport-error.ts';

/** One step on the way to a server. */
export type ProbeStep = {
  readonly step: ProbeStepName;
  readonly ok: boolean;
  readonly ms: number;
  /** What was found, or why it failed: one line, no secret. */
  readonly detail: string;
  /** Why it failed. */
  readonly code?: VeeamErrorCode;
  /** Of a step that failed: what to do. */
  readonly now?: string;
};

/** How far a server can be reached, without logging in. */
export type ServerProbe = ProbeFacts & {
  readonly connection: string;
  readonly url: string;
  readonly ok: boolean;
  /** In order; after one that failed there are none. `tls` is missing for an http:// address. */
  readonly steps: readonly ProbeStep[];
};

/**
 * Walks to a server step by step: name, connection, certificate, an answer. Sends one `GET /` without credentials.
 * A server that is down is an answer, not an error; only options that cannot work throw (veeam.badInput).
 */
export async function probeServer(
  options: ConnectionOptions,
  { signal }: CallOptions = {},
): Promise<ServerProbe> {
  const settings = settingsOf(options);
  const scrubber = createScrubber();
  const steps: ProbeStep[] = [];
  let found: ProbeFacts = { addresses: [], certificate: undefined, clock: undefined };
  const note = (facts: Partial<ProbeFacts>) => {
    found = { ...found, ...facts };
  };

  for (const { step, work } of probeSteps(settings, scrubber)) {
    const site = { connection: settings.connection, call: `probe ${step}`, changes: false };
    const start = performance.now();
    const ms = () => Math.round(performance.now() - start);
    try {
      const detail = await withScope({ site, totalMs: settings.timeouts.totalMs, signal }, (scope) =>
        work({ site, scope, note }).catch((error: unknown) => {
          throw error instanceof VeeamError ? error : transportError(error, { site, scope, scrubber });
        }),
      );
      steps.push({ step, ok: true, ms: ms(), detail });
    } catch (error) {
      if (!(error instanceof VeeamError)) throw error;
      steps.push({ step, ok: false, ms: ms(), detail: error.says, code: error.code, now: error.now });
      break;
    }
  }
  return {
    connection: settings.connection,
    url: settings.origin,
    ok: steps.every(({ ok }) => ok),
    steps,
    ...found,
  };
}
