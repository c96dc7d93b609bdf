import type { DoctorCheck } from '../../cli/doctor-report.ts';

/** Whoever waits longer wants to know for what. */
const SLOW_MS = 2_000;

/** Says every two seconds what is still being looked at, while anything is. */
export function startProgress(onProgress: (line: string) => void, everyMs = SLOW_MS) {
  const open = new Map<string, DoctorCheck>();
  const timer = setInterval(() => {
    if (open.size === 0) return;
    onProgress(`Still looking: ${[...open].map(([name, check]) => `${name} (${check})`).join(', ')}`);
  }, everyMs);
  return {
    noting: (name: string, check: DoctorCheck) => void open.set(name, check),
    done: (name: string) => void open.delete(name),
    stop: () => clearInterval(timer),
  };
}
