import { VeeamError } from './errors.ts';
import type { CallSite, VeeamErrorCode } from './errors.ts';

/**
 * Leaves a dead server alone.
 * - closed: requests go through; so many failures in a row open it.
 * - open: requests fail at once with veeam.circuitOpen, for a time that doubles with each failed trial.
 * - half open, when that time is over: one request goes through as a trial, which closes or opens it again.
 */
export interface Circuit {
  /** Lets one request through, or throws veeam.circuitOpen (effect none). Exactly one method of the pass ends it. */
  enter(site: CallSite): Pass;
}

/** One request on its way; calls after the first do nothing. */
export interface Pass {
  /** The server answered, whatever it said: it is alive. */
  answered(): void;
  /** No answer came. */
  failed(error: VeeamError): void;
  /** It ended for reasons that say nothing about the server. */
  release(): void;
}

/** Failures that say that the server, or the way to it, is not there. */
const COUNTED: ReadonlySet<VeeamErrorCode> = new Set([
  'veeam.unreachable',
  'veeam.tls',
  'veeam.proxy',
  'veeam.timeout',
  'veeam.connectionLost',
]);

/** Between 0.8 and 1.2 of the time, so that several workers do not try in step. */
const JITTER = 0.4;

/** `now` is a monotonic clock in milliseconds. */
export function createCircuit({
  failures,
  openMs,
  maxMs,
  now = () => performance.now(),
  random = Math.random,
}: {
  /** In a row, after which it opens. */
  failures: number;
  /** How long it stays open at first. */
  openMs: number;
  maxMs: number;
  now?: () => number;
  random?: () => number;
}): Circuit {
  let inARow = 0;
  let last: VeeamError | undefined;
  /** Undefined while closed. */
  let triesAgainAt: number | undefined;
  let nextOpenMs = openMs;
  let trial: Pass | undefined;

  function close(): void {
    inARow = 0;
    triesAgainAt = undefined;
    nextOpenMs = openMs;
    trial = undefined;
  }

  function open(): void {
    triesAgainAt = now() + nextOpenMs * (1 - JITTER / 2 + random() * JITTER);
    nextOpenMs = Math.min(nextOpenMs * 2, maxMs);
    trial = undefined;
  }

  function refusal(site: CallSite, waitMs: number): VeeamError {
    const lately = last === undefined ? '' : `, the last time with ${last.code} at ${last.call}`;
    const again =
      waitMs > 0 ? `it is tried again in ${Math.ceil(waitMs / 1_000)} s` : 'it is being tried right now';
    return new VeeamError('veeam.circuitOpen', site, {
      retryAfterMs: Math.max(1, Math.ceil(waitMs)),
      detail: `${inARow} failures in a row${lately}; ${again}`,
      cause: last,
    });
  }

  function enter(site: CallSite): Pass {
    const waitMs = triesAgainAt === undefined ? 0 : Math.max(0, triesAgainAt - now());
    if (waitMs > 0 || trial !== undefined) throw refusal(site, waitMs);

    let ended = false;
    const once = (end: () => void) => {
      if (!ended) end();
      ended = true;
    };
    const release = () => {
      // The next request is the trial.
      if (trial === pass) trial = undefined;
    };
    const pass: Pass = {
      answered: () => once(close),
      failed: (error) =>
        once(() => {
          if (!COUNTED.has(error.code)) {
            release();
            return;
          }
          inARow += 1;
          last = error;
          // Requests that were on their way when it opened do not prolong it.
          const decides = triesAgainAt === undefined ? inARow >= failures : trial === pass;
          if (decides) open();
        }),
      release: () => once(release),
    };
    if (triesAgainAt !== undefined) trial = pass;
    return pass;
  }

  return { enter };
}
