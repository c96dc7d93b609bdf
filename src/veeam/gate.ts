import { createCircuit } from './circuit.ts';
import type { Pass } from './circuit.ts';
import { VeeamError } from './errors.ts';
import type { Settings } from './options.ts';
import { retryAfterMs } from './retry-after.ts';
import { createSlots } from './slots.ts';
import { createThrottleWindow } from './throttle.ts';
import type { HttpAnswer, Line, Transport } from './transport.ts';

/**
 * Puts what protects the server between its callers and the transport: nothing is sent while the server asks for
 * silence (Retry-After) or is known to be dead (circuit), and no more reads at a time than there are connections,
 * so that none is already queued below when the silence begins. One per client: login and refresh count like calls.
 */
export function gated(transport: Transport, { limits }: Settings): Transport {
  const silence = createThrottleWindow();
  const circuit = createCircuit({
    failures: limits.circuitFailures,
    openMs: limits.circuitOpenMs,
    maxMs: limits.circuitMaxMs,
  });
  const slots = createSlots(limits.connections);

  /** Learns from how a request ended. */
  async function heeded<T>(pass: Pass, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof VeeamError) pass.failed(error);
      throw error;
    }
  }

  async function answered(pass: Pass, work: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const answer = await heeded(pass, work);
    pass.answered();
    const waitMs = waitAsked(answer, limits.retryAfterMs);
    if (waitMs !== undefined) silence.shut(waitMs);
    return answer;
  }

  const send: Transport['send'] = async (site, scope, request) => {
    // Twice: those who cannot wait so long learn it at once, and who waited for a place looks again.
    await silence.pass(site, scope);
    const leave = await slots.take(scope);
    try {
      await silence.pass(site, scope);
      const pass = circuit.enter(site);
      try {
        return await answered(pass, () => transport.send(site, scope, request));
      } finally {
        pass.release();
      }
    } finally {
      leave();
    }
  };

  const open: Transport['open'] = async (site, scope) => {
    await silence.pass(site, scope);
    const pass = circuit.enter(site);
    let line: Line;
    try {
      line = await heeded(pass, () => transport.open(site, scope));
    } catch (error) {
      pass.release();
      throw error;
    }
    return {
      send: async (request) => {
        // The fence took its time, and another call may have been asked for silence meanwhile.
        silence.check(site);
        return answered(pass, () => line.send(request));
      },
      close: () => {
        pass.release();
        line.close();
      },
    };
  };

  return { send, open, close: () => transport.close() };
}

/** How long the answer asks everybody to wait, if it does. */
function waitAsked(answer: HttpAnswer, capMs: number): number | undefined {
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  return retryAfterMs({ retryAfter: answer.header('retry-after'), date: answer.header('date') }, capMs);
}
