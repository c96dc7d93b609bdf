import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DECISIONS } from '../../src/model/vote.ts';
import type { Fault } from '../../src/simulator/index.ts';

/** What may become of a construct; each has to be shown for each construct (`constructs.ts` says which cannot exist). */
export const SITUATIONS = ['success', 'failure', 'timeout', 'cancel', 'continue'] as const;
export type Situation = (typeof SITUATIONS)[number];

const outcome = z.enum(['succeeded', 'warned', 'failed', 'skipped', 'cancelled', 'rejected']);
const json = z.record(z.string(), z.json());

/** How a step came out: its outcome, or that and more of its record; of `output` the named fields. */
const ended = z.union([
  outcome,
  z.strictObject({
    outcome,
    reason: z.string().optional(),
    attempt: z.int().optional(),
    code: z.string().optional(),
    output: json.optional(),
    takenOver: z.boolean().optional(),
  }),
]);

/** Something that happens while the run goes on, done in order, each as soon as the step `at` allows it. */
const act = z.strictObject({
  at: z.string(),
  /**
   * What the step must be like. Without it: an answer waits for an open gate, everything else until the step has begun.
   * `watching`: its command was sent; `retrying`: it waits for its next try; `overdue`: its gate is past its time.
   */
  state: z
    .enum(['pending', 'running', 'waiting', 'ended', 'paused', 'watching', 'retrying', 'overdue'])
    .optional(),
  /**
   * An answer to a gate, or a request to the run; or in the world: `advance` moves a stopped clock by an hour,
   * `simulate` begins an operation of a plan behind muster's back. `nothing` only waits for the state.
   */
  does: z.enum([...DECISIONS, 'cancel', 'pause', 'resume', 'advance', 'simulate', 'nothing']),
  /** Who does it; default boris for an approval, anna for everything else. */
  by: z.string().optional(),
  /** Of `pause` and `resume`: the step; without it the run as a whole. */
  step: z.string().optional(),
  option: z.enum(['RetryFailedStep', 'ProceedToNextVm']).optional(),
  answer: z.string().optional(),
  values: json.optional(),
  comment: z.string().optional(),
  /** Of `simulate`. */
  command: z.enum(['Failover']).optional(),
  plan: z.string().optional(),
  /** It must be refused, and change nothing. */
  refused: z.literal(true).optional(),
});
export type Act = z.output<typeof act>;

const trace = z.strictObject({
  run: outcome,
  /** Every step of the run by its path, no more and no less. */
  steps: z.record(z.string(), ended),
  /** Changes of the simulated world, in order. Without it they are not looked at. */
  calls: z.array(z.string()).optional(),
  /** `path kind` of each gate that opened, in order; of a decision also the code of the failure. */
  gates: z.array(z.string()).optional(),
  /** Paths in the order in which they ended. */
  order: z.array(z.string()).optional(),
  outputs: json.optional(),
  /** The step that ended the clock of an application; null when it is not back. */
  recovered: z.record(z.string(), z.string().nullable()).optional(),
});
export type Trace = z.output<typeof trace>;

/** The run cannot be started: the codes of the errors, sorted. */
const refusal = z.strictObject({ refused: z.array(z.string()) });

const sequel = z.strictObject({
  from: z.string(),
  by: z.string().default('anna'),
  people: z.array(act).default([]),
  expect: trace.optional(),
  /** The rerun itself is refused. */
  refused: z.literal(true).optional(),
});
export type Sequel = z.output<typeof sequel>;

const conformanceCase = z.strictObject({
  title: z.string().min(10),
  /** What it is about; one or several. */
  construct: z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]),
  situation: z.enum(SITUATIONS),
  /** What it shows besides. */
  also: z.record(z.string(), z.enum(SITUATIONS)).default({}),
  /** From `inputs:` or `steps:` on; what stands in angle brackets is put in by the runner, see `fill.ts`. */
  runbook: z.string(),
  /** The runbooks that it runs, by name. */
  library: z.record(z.string(), z.string()).default({}),
  mode: z.enum(['drill', 'live']).default('drill'),
  inputs: z.record(z.string(), z.json()).default({}),
  /** A stopped clock moves only by `advance`. */
  world: z.strictObject({ clock: z.literal('stopped') }).optional(),
  /** As the simulator takes them, which checks them itself. */
  faults: z.array(z.custom<Fault>((fault) => typeof fault === 'object' && fault !== null)).default([]),
  people: z.array(act).default([]),
  continueAfter: z.int().positive().optional(),
  /** Steps that were under way when the run continued as new; the runner proves it. */
  middle: z.array(z.string()).default([]),
  expect: z.union([refusal, trace]),
  /** A rerun of the run, once it is over. */
  then: sequel.optional(),
});
export type Case = z.output<typeof conformanceCase>;

/** The cases of a file in this folder. @throws Error with every problem of a case that does not fit the schema */
export async function readCases(file: string): Promise<readonly Case[]> {
  const text = await readFile(join(import.meta.dirname, `${file}.yaml`), 'utf8');
  const read = z.array(conformanceCase).safeParse(parse(text));
  if (read.success) return read.data;
  throw new Error(`${file}.yaml: ${z.prettifyError(read.error)}`);
}

/** Whether a case needs a world, and so a stage, of its own: it changes it, or looks at what changed. */
export function needsOwnWorld({ world, faults, people, expect, then }: Case): boolean {
  const looks = [expect, then?.expect].some((one) => one !== undefined && 'calls' in one);
  return world !== undefined || faults.length > 0 || looks || people.some(({ does }) => does === 'simulate');
}
