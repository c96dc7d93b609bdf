import { z } from 'zod';
import { SimulatorError } from './errors.ts';
import { OPERATIONS } from './world/operations.ts';

/** The servers that HTTP faults can strike. */
export const SYSTEMS = ['vro', 'vbr', 'one'] as const;
export type System = (typeof SYSTEMS)[number];

/** What a fault drawn from a seed can be. */
export const SEEDED_KINDS = [
  /** 429 with Retry-After, before the effect. */
  'throttled',
  /** 503 with Retry-After, before the effect. */
  'unavailable',
  /** 500, before the effect. */
  'error',
  /** 500, after the effect. */
  'errorAfter',
  /** The connection is reset before the effect. */
  'reset',
  /** The connection is reset after the effect. */
  'resetAfter',
  /** Nothing is answered for `hangMs`, then the connection is reset; the effect has happened. */
  'hang',
  /** Half of the answer. */
  'tornBody',
  /** A sign-in page instead of the answer; the effect has happened. */
  'html',
  /** The answer comes up to `slowMs` late. */
  'slow',
] as const;
export type SeededKind = (typeof SEEDED_KINDS)[number];

/** Before the server acts on the request, or after it has acted but before the answer leaves. */
const when = z.enum(['before', 'after']).default('before');

const match = {
  system: z.enum(SYSTEMS),
  /** Route template such as `POST /Plans/{planId}/Failover`; `*` is every route of the system. */
  call: z.string().min(1),
  /** Only requests about this plan (name or id). */
  plan: z.string().min(1).optional(),
  /** How many matching requests it strikes. */
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  /** How many matching requests it lets pass first. */
  after: z.int().nonnegative().default(0),
};

const ms = z.number().positive();

const httpFaults = [
  z.strictObject({ ...match, kind: z.literal('latency'), ms, when }),
  z.strictObject({
    ...match,
    kind: z.literal('throttle'),
    status: z.union([z.literal(429), z.literal(503)]).default(429),
    /** Seconds, or a text sent as it is. */
    retryAfter: z.union([z.number(), z.string()]).default(1),
  }),
  z.strictObject({
    ...match,
    kind: z.literal('error'),
    status: z.int().min(400).max(599).default(500),
    when,
  }),
  z.strictObject({ ...match, kind: z.literal('drop'), when }),
  /** Silence for `ms` real milliseconds, then the connection is dropped. */
  z.strictObject({ ...match, kind: z.literal('hang'), ms: ms.default(1_000), when }),
  z.strictObject({ ...match, kind: z.literal('hold'), when }),
  z.strictObject({ ...match, kind: z.literal('expireTokens') }),
  z.strictObject({ ...match, kind: z.literal('tornBody') }),
  z.strictObject({ ...match, kind: z.literal('notJson'), when: when.default('after') }),
] as const;

/** Faults at random, but always the same ones for the same seed. */
const seededFault = z.strictObject({
  kind: z.literal('seeded'),
  seed: z.union([z.int(), z.string().min(1)]),
  /** The share of requests that are struck, 0 to 1. */
  rate: z.number().min(0).max(1),
  kinds: z
    .array(z.enum(SEEDED_KINDS))
    .min(1)
    .default([...SEEDED_KINDS]),
  /** Default: all of them. */
  system: z.enum(SYSTEMS).optional(),
  /** Default: every call. */
  call: z.string().min(1).default('*'),
  /** Seconds in the Retry-After of `throttled` and `unavailable`. */
  retryAfter: z.number().nonnegative().default(1),
  hangMs: ms.default(1_000),
  slowMs: ms.default(200),
});

const during = z.enum(OPERATIONS).exclude(['reset']).default('failover');

/** What goes wrong in the world itself: in steps of plans, and in sessions that clients of VBR start. */
const worldFaults = [
  z.strictObject({
    kind: z.literal('failStep'),
    plan: z.string().min(1),
    /** Name or id. */
    vm: z.string().min(1),
    /** Name or id; default: the VM's first step. */
    step: z.string().min(1).optional(),
    /** How many tries fail. */
    failures: z.int().positive().default(1),
    /** Whether the plan halts; default: when step and VM are critical in the scenario. */
    critical: z.boolean().optional(),
    during,
    message: z.string().min(1).default('The operation failed: the host did not answer in time'),
  }),
  z.strictObject({
    kind: z.literal('endWithWarnings'),
    plan: z.string().min(1),
    during,
    message: z.string().min(1).default('The step is complete, but the VM answered late'),
  }),
  z.strictObject({
    kind: z.literal('failSession'),
    /** Name or UID; default: whichever comes first. */
    vm: z.string().min(1).optional(),
    /** Default: of any type. */
    session: z
      .enum([
        'Failover',
        'PlannedFailover',
        'PermanentFailover',
        'UndoFailover',
        'Failback',
        'SwitchReplicaToProduction',
        'CommitFailback',
        'UndoFailback',
        'ConfigurationResynchronize',
        'RestoreVm',
      ])
      .optional(),
    result: z.enum(['Warning', 'Failed']).default('Failed'),
    /** How many sessions are struck. */
    failures: z.int().positive().default(1),
    message: z.string().min(1).default('The host did not answer in time'),
  }),
] as const;

const faultSchema = z.discriminatedUnion('kind', [...httpFaults, seededFault, ...worldFaults]);

/** Something that shall go wrong, as one writes it down. */
export type Fault = z.input<typeof faultSchema>;
export type ParsedFault = z.output<typeof faultSchema>;
export type WorldFault = Extract<ParsedFault, { kind: 'failStep' | 'endWithWarnings' | 'failSession' }>;
export type SeededFault = Extract<ParsedFault, { kind: 'seeded' }>;
export type HttpFault = Exclude<ParsedFault, WorldFault | SeededFault>;

/** Reads a fault and fills its defaults in. Throws `INVALID_FAULT`. */
export function parseFault(input: unknown): ParsedFault {
  const parsed = faultSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SimulatorError('INVALID_FAULT', `The fault is not valid: ${z.prettifyError(parsed.error)}`);
}
