import type { Socket } from 'node:net';
import type { System } from './fault-schema.ts';

/** How often a call was requested. */
export interface RequestCount {
  readonly system: System;
  /** Method and route template: `GET /Plans/{planId}`. */
  readonly call: string;
  readonly requests: number;
  /** Those of them that came while the server had asked to be left alone. */
  readonly insideRetryAfter: number;
}

/** Counts requests, and those that come although a Retry-After has not passed yet. */
export interface RequestCounts {
  /** A request has come. */
  arrived(system: System, call: string, socket: Socket): void;
  /** The server has answered 429 or 503 with this Retry-After. */
  askedToWait(system: System, retryAfter: string | number, socket: Socket): void;
  list(): readonly RequestCount[];
}

/**
 * A request on another connection may have been on its way when the Retry-After left; on the same connection it cannot
 * (nobody pipelines). Real milliseconds.
 */
const ON_ITS_WAY_MS = 50;
/** Timers may fire this much early. Real milliseconds. */
const EARLY_TIMER_MS = 5;

interface Window {
  readonly socket: Socket;
  readonly from: number;
  readonly until: number;
}

export function createRequestCounts(): RequestCounts {
  const counts = new Map<
    string,
    { system: System; call: string; requests: number; insideRetryAfter: number }
  >();
  const windows: Record<System, Window[]> = { vro: [], vbr: [], one: [] };

  const isInside = (system: System, socket: Socket): boolean => {
    const now = Date.now();
    windows[system] = windows[system].filter(({ until }) => until - EARLY_TIMER_MS > now);
    return windows[system].some((window) => window.socket === socket || window.from + ON_ITS_WAY_MS < now);
  };

  return {
    arrived: (system, call, socket) => {
      const key = `${system} ${call}`;
      const count = counts.get(key) ?? { system, call, requests: 0, insideRetryAfter: 0 };
      count.requests += 1;
      if (isInside(system, socket)) count.insideRetryAfter += 1;
      counts.set(key, count);
    },
    askedToWait: (system, retryAfter, socket) => {
      const from = Date.now();
      const text = String(retryAfter).trim();
      const until = /^\d+(\.\d+)?$/.test(text) ? from + Number(text) * 1000 : Date.parse(text);
      if (until > from) windows[system].push({ socket, from, until });
    },
    list: () => [...counts.values()].map((count) => ({ ...count })),
  };
}
