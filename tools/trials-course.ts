import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialOptions } from './trials-kind.ts';

const PROGRESS_MS = 10_000;
const MINUTE_MS = 60_000;

/** What every trial keeps between its batches. */
interface TrialState {
  readonly seed: number;
  readonly batch: number;
  readonly findings: readonly TrialFinding[];
}

interface TrialFinding {
  readonly seed: number;
  readonly batch: number;
  readonly index: number;
}

/** What a trial is begun with. */
interface TrialParts<State extends TrialState> {
  readonly name: string;
  readonly newState: (seed: number) => State;
  /** One line with the figures. */
  readonly summaryOf: (state: State) => string;
  /** What the file of a finding holds; its first line is told. */
  readonly textOf: (finding: State['findings'][number]) => string;
}

/** How a trial goes on, batch by batch. */
export interface TrialCourse<State> {
  readonly from: State;
  readonly isOver: () => boolean;
  /** Keeps the state and what was found, and tells how it goes. */
  readonly onBatch: (state: State) => Promise<void>;
}

/** Begins a trial, or goes on with the last one of its folder. */
export async function begin<State extends TrialState>(
  { seed, minutes, resume, folder, signal, say }: TrialOptions,
  { name, newState, summaryOf, textOf }: TrialParts<State>,
): Promise<TrialCourse<State>> {
  await mkdir(folder, { recursive: true });
  const stateFile = join(folder, 'state.json');
  const from =
    (resume ? await readState<State>(stateFile) : undefined) ?? newState(seed ?? Date.now() % 1_000_000_000);
  say(`${name}: seed ${from.seed}, from batch ${from.batch}, for ${minutes} min; state in ${stateFile}`);
  const endAt = performance.now() + minutes * MINUTE_MS;
  let told = performance.now();
  let written = from.findings.length;
  return {
    from,
    isOver: () => signal.aborted || performance.now() >= endAt,
    async onBatch(now) {
      await writeWhole(stateFile, JSON.stringify(now, null, 2));
      for (const finding of now.findings.slice(written)) {
        say(`${name}: FOUND ${await keep(folder, finding, textOf(finding))}`);
      }
      written = now.findings.length;
      if (performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      say(summaryOf(now));
    },
  };
}

/** `12.3 min`. */
export function minutesOf({ milliseconds }: { readonly milliseconds: number }): string {
  return `${(milliseconds / MINUTE_MS).toFixed(1)} min`;
}

/** Keeps what was found; answers with the name of the file and what it says first. */
async function keep(folder: string, { seed, batch, index }: TrialFinding, text: string): Promise<string> {
  const file = join(folder, `finding-${seed}-${batch}-${index}.txt`);
  await writeFile(file, text);
  return `${file}: ${text.split('\n')[0]?.slice(0, 120) ?? ''}`;
}

async function readState<State>(file: string): Promise<State | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as State;
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
