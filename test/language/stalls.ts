import { afterAll, expect } from 'vitest';

/** Other tests share the cores: what takes 20 ms alone may take longer, but not seconds. */
const SOON_MS = 5_000;
const SHOWN = 5;
const MICROSECONDS_PER_MS = 1_000;

interface Stall {
  readonly name: string;
  /** By the clock, and on a processor: on a machine that is busy with other things only the second says much. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Measures how long each test's work holds the process, and prints the longest at the end of the file. They are meant to
 * stay under 200 ms on an idle machine; here only seconds fail.
 */
export function measuringStalls(title: string): <Result>(work: () => Result) => Result {
  const stalls: Stall[] = [];
  afterAll(() => {
    const worst = stalls.sort((a, b) => b.cpuMs - a.cpuMs).slice(0, SHOWN);
    const lines = worst.map(
      ({ name, wallMs, cpuMs }) => `  ${cpuMs.toFixed(0)} ms CPU, ${wallMs.toFixed(0)} ms  ${name}`,
    );
    process.stderr.write(`${title}: the longest of ${stalls.length} stalls\n${lines.join('\n')}\n`);
  });
  return (work) => {
    const cpu = process.cpuUsage();
    const began = performance.now();
    const result = work();
    const wallMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    stalls.push({
      name: expect.getState().currentTestName ?? '',
      wallMs,
      cpuMs: (user + system) / MICROSECONDS_PER_MS,
    });
    expect(wallMs).toBeLessThan(SOON_MS);
    return result;
  };
}
