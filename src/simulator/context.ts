import type { FastifyRequest } from 'fastify';
import type { Journal } from './journal.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world/world.ts';

/** What the routes of a simulated server share. */
export interface ServerContext {
  readonly world: World;
  readonly tokens: Tokens;
  readonly journal: Journal;
  readonly tokenLifetimeSeconds: number;
}

/** The request decorator in which authentication leaves the user or client. */
export const CLIENT = 'client';

/** The user or client an authenticated request came from. */
export function clientOf(request: FastifyRequest): string {
  return request.getDecorator<string>(CLIENT);
}
