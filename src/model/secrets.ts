/**
 * Why a secret was not revealed.
 * - `notAllowed`: the one who asked is not among those it is for.
 * - `gone`: it was revoked, or its time is over.
 * - `usedUp`: it was revealed as often as it may be.
 * - `elsewhere`: Vault has it.
 */
export const REVEAL_REFUSALS = ['notAllowed', 'gone', 'usedUp', 'elsewhere'] as const;
export type RevealRefusal = (typeof REVEAL_REFUSALS)[number];

/** Why a secret was purged. */
export const PURGE_REASONS = ['revoked', 'expired'] as const;
export type PurgeReason = (typeof PURGE_REASONS)[number];

/** Whom a secret is for when its step names nobody. */
export const DEFAULT_REVEAL_TO = 'operator';
