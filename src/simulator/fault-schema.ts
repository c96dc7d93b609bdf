import { z } from 'zod';
import { SimulatorError } from './errors.ts';

/** Before the server acts on the request, or after it has acted but before the answer leaves. */
const when = z.enum(['before', 'after']).default('before');

const match = {
  system: z.enum(['vro', 'vbr']),
  /** Route template such as `POST /Plans/{planId}/Failover`; `*` is every route of the system. */
  call: z.string().min(1),
  /** Only requests about this plan (name or id). */
  plan: z.string().min(1).optional(),
  /** How many matching requests it strikes. */
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  /** How many matching requests it lets pass first. */
  after: z.int().nonnegative().default(0),
};

const httpFaults = [
  z.strictObject({ ...match, kind: z.literal('latency'), ms: z.number().positive() }),
  z.strictObject({
    ...match,
    kind: z.literal('throttle'),
    retryAfter: z.union([z.number(), z.string()]).default(1),
  }),
  z.strictObject({
    ...match,
    kind: z.literal('error'),
    status: z.int().min(400).max(599).default(500),
    when,
  }),
  z.strictObject({ ...match, kind: z.literal('drop'), when }),
  z.strictObject({ ...match, kind: z.literal('hold'), when }),
  z.strictObject({ ...match, kind: z.literal('expireTokens') }),
  z.strictObject({ ...match, kind: z.literal('tornBody') }),
  z.strictObject({ ...match, kind: z.literal('notJson'), when: when.default('after') }),
] as const;

const during = z
  .enum(['check', 'failover', 'undoFailover', 'failback', 'undoFailback', 'commitFailback'])
  .default('failover');

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
] as const;

const faultSchema = z.discriminatedUnion('kind', [...httpFaults, ...worldFaults]);

/** Something that shall go wrong, as one writes it down. */
export type Fault = z.input<typeof faultSchema>;
export type ParsedFault = z.output<typeof faultSchema>;
export type WorldFault = Extract<ParsedFault, { kind: 'failStep' | 'endWithWarnings' }>;
export type HttpFault = Exclude<ParsedFault, WorldFault>;

/** Reads a fault and fills its defaults in. Throws `INVALID_FAULT`. */
export function parseFault(input: unknown): ParsedFault {
  const parsed = faultSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new SimulatorError('INVALID_FAULT', `The fault is not valid: ${z.prettifyError(parsed.error)}`);
}
