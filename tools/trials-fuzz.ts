import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fuzz, hasGrown, newState, type Finding, type FuzzState } from '../test/trials/fuzz.ts';
import type { Trial, TrialOptions, TrialResult } from './trials-kind.ts';

const PROGRESS_MS = 10_000;
const MINUTE_MS = 60_000;
const MB = 1_024 * 1_024;

/** Hostile runbooks, expressions, templates, tables and patterns: no crash, no hang, no growth, only known answers. */
export const fuzzTrial: Trial = {
  name: 'fuzz',
  summary: 'hostile runbooks, expressions, tables and patterns',
  run,
};

async function run({ seed, minutes, resume, folder, signal, say }: TrialOptions): Promise<TrialResult> {
  await mkdir(folder, { recursive: true });
  const stateFile = join(folder, 'state.json');
  const from =
    (resume ? await readState(stateFile) : undefined) ?? newState(seed ?? Date.now() % 1_000_000_000);
  say(`fuzz: seed ${from.seed}, from batch ${from.batch}, for ${minutes} min; state in ${stateFile}`);
  const endAt = performance.now() + minutes * MINUTE_MS;
  let told = performance.now();
  let written = from.findings.length;
  const state = await fuzz(from, {
    isOver: () => signal.aborted || performance.now() >= endAt,
    onBatch: async (now) => {
      await writeWhole(stateFile, JSON.stringify(now, null, 2));
      for (const finding of now.findings.slice(written)) say(`fuzz: FOUND ${await keep(folder, finding)}`);
      written = now.findings.length;
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      say(summaryOf(now));
    },
  });
  return { ok: state.findings.length === 0 && !hasGrown(state), summary: summaryOf(state) };
}

function summaryOf(state: FuzzState): string {
  const { seed, cases, milliseconds, codes, findings, worst, heap } = state;
  const heapText = heap.warm === undefined ? '' : ` (${Math.round(heap.warm / MB)} MB when warm)`;
  return [
    `fuzz: seed ${seed}`,
    `${cases} inputs in ${(milliseconds / MINUTE_MS).toFixed(1)} min`,
    `${codes['ok'] ?? 0} with a result`,
    `${Object.keys(codes).length - 1} codes`,
    `${findings.length} findings`,
    `worst ${Math.round(worst.milliseconds)} ms CPU`,
    `heap ${Math.round(heap.last / MB)} MB${heapText}${hasGrown(state) ? ': GROWN' : ''}`,
  ].join(', ');
}

/** Keeps an input that was found, and why; answers with the name of the file. */
async function keep(folder: string, { seed, batch, index, what, text }: Finding): Promise<string> {
  const file = join(folder, `finding-${seed}-${batch}-${index}.txt`);
  await writeFile(file, `${what}\n\n----\n${text}`);
  return `${file}: ${what.split('\n')[0]?.slice(0, 120) ?? ''}`;
}

async function readState(file: string): Promise<FuzzState | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FuzzState;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A run that is killed while it writes must leave the last state whole. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
