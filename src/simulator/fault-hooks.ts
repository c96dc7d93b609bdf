import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { System } from './fault-schema.ts';
import type { FaultRegistry, Strike } from './faults.ts';

const MAINTENANCE_PAGE = '<!doctype html><html><body><h1>Please sign in</h1></body></html>';

/** `POST /Plans/{planId}/Failover` for the route `/api/v7.21/Plans/:planId/Failover`; undefined for no route. */
export function callOf(method: string, url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const path = url
    .replace(/^\/token$/, '/api/token')
    .replace(/^\/api\/v\d+\.\d+(?=\/)/, '')
    .replaceAll(/:(\w+)/g, '{$1}');
  return `${method} ${path}`;
}

/**
 * Makes the faults strike: before the server looks at a request (and at its access token), or when its answer is about
 * to leave. A held request is carried out when it is released, even if its client is gone by then: so does a server.
 */
export function addFaultHooks(
  app: FastifyInstance,
  { system, faults, expireTokens }: { system: System; faults: FaultRegistry; expireTokens: () => void },
): void {
  const closing = new AbortController();
  const later = new WeakMap<FastifyRequest, Strike[]>();

  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      const call = callOf(one, url);
      if (call !== undefined) faults.learn(system, call);
    }
  });

  app.addHook('preClose', async () => {
    closing.abort();
  });

  app.addHook('preValidation', async (request, reply) => {
    const call = callOf(request.method, request.routeOptions.url);
    if (call === undefined) return;
    faults.counts.arrived(system, call, request.raw.socket);
    const strikes = faults.strikesOn({ system, call, plan: planIdOf(request) });
    const pending: Strike[] = [];
    later.set(request, pending);
    for (const strike of strikes) {
      if (isLater(strike)) pending.push(strike);
      else await strikeBefore(strike, request, reply);
      if (reply.sent) return;
    }
  });

  // Closing the simulator cuts every wait short.
  const wait = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);

  const strikeBefore = async (
    { fault, released }: Strike,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    switch (fault.kind) {
      case 'latency':
        await wait(fault.ms);
        return;
      case 'throttle':
        reply
          .code(fault.status)
          .header('retry-after', fault.retryAfter)
          .send({ message: fault.status === 429 ? 'Too many requests.' : 'The service is unavailable.' });
        return;
      case 'error':
        reply.code(fault.status).send({ message: 'The server could not handle the request.' });
        return;
      case 'hang':
        await wait(fault.ms);
        reply.hijack();
        request.raw.socket.destroy();
        return;
      case 'drop':
        reply.hijack();
        request.raw.socket.destroy();
        return;
      case 'hold':
        await released;
        return;
      case 'expireTokens':
        expireTokens();
        return;
      case 'notJson':
        reply.code(200).type('text/html').send(MAINTENANCE_PAGE);
        return;
      case 'tornBody':
        return;
    }
  };

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    let body = payload;
    for (const { fault, released } of later.get(request) ?? []) {
      switch (fault.kind) {
        case 'error':
          reply.code(fault.status);
          body = JSON.stringify({ message: 'The server could not answer the request.' });
          break;
        case 'drop':
          request.raw.socket.destroy();
          break;
        case 'hang':
          await wait(fault.ms);
          request.raw.socket.destroy();
          break;
        case 'hold':
          await released;
          break;
        case 'tornBody':
          if (typeof body === 'string') body = body.slice(0, Math.ceil(body.length / 2));
          break;
        case 'notJson':
          reply.code(200).type('text/html');
          body = MAINTENANCE_PAGE;
          break;
        case 'latency':
          await wait(fault.ms);
          break;
        case 'throttle':
        case 'expireTokens':
          break;
      }
    }
    const retryAfter = reply.getHeader('retry-after');
    if ((reply.statusCode === 429 || reply.statusCode === 503) && retryAfter !== undefined) {
      faults.counts.askedToWait(system, String(retryAfter), request.raw.socket);
    }
    return body;
  });
}

function isLater({ fault }: Strike): boolean {
  return fault.kind === 'tornBody' || ('when' in fault && fault.when === 'after');
}

function planIdOf(request: FastifyRequest): string | undefined {
  const { params } = request;
  if (typeof params !== 'object' || params === null || !('planId' in params)) return undefined;
  return typeof params.planId === 'string' ? params.planId : undefined;
}
