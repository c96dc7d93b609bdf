import type { Mode } from './runbook.ts';
import { matchesName } from './name-pattern.ts';

/**
 * The kill switch: while it is in force nothing new starts, and an open run stops before its next step. What is being
 * watched goes on being watched. Each part of the scope that is absent means all. Times are milliseconds since 1970.
 */
export interface Freeze {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly scope: FreezeScope;
  /** When it begins; a change freeze may be planned. */
  readonly from: number;
  /** When it ends by itself; absent: when somebody lifts it. */
  readonly until?: number;
}

export interface FreezeScope {
  /** A name, or a pattern with `*`. */
  readonly runbooks?: string;
  /** Of steps on this connection only. */
  readonly connection?: string;
  readonly mode?: Mode;
}

/** What may be frozen: a start (no connection yet), or a step. */
export interface Freezable {
  readonly runbook: string;
  readonly mode: Mode;
  readonly connection?: string;
}

/** The freeze that holds something back now, the oldest first. */
export function freezeOf(freezes: readonly Freeze[], what: Freezable, now: number): Freeze | undefined {
  return [...freezes]
    .sort((a, b) => a.from - b.from)
    .find((freeze) => isInForce(freeze, now) && concerns(freeze, what));
}

export function isInForce({ from, until }: Pick<Freeze, 'from' | 'until'>, now: number): boolean {
  return from <= now && (until === undefined || now < until);
}

function concerns({ scope }: Freeze, { runbook, mode, connection }: Freezable): boolean {
  return (
    (scope.mode === undefined || scope.mode === mode) &&
    (scope.runbooks === undefined || matchesName(scope.runbooks, runbook)) &&
    (scope.connection === undefined || scope.connection === connection)
  );
}

/** A freeze in one line, for whoever is held back by it. */
export function freezeSays({ by, reason, scope, until }: Freeze): string {
  const what = [
    scope.runbooks === undefined ? undefined : `runbooks ${scope.runbooks}`,
    scope.connection === undefined ? undefined : `connection ${scope.connection}`,
    scope.mode === undefined ? undefined : `${scope.mode} runs`,
  ].filter((part) => part !== undefined);
  const end = until === undefined ? '' : `, until ${new Date(until).toISOString()}`;
  return `${what.length === 0 ? 'Everything' : what.join(', ')} is frozen by ${by}: ${reason}${end}.`;
}
