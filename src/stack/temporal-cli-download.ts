import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import { TEMPORAL_CLI_VERSION } from './temporal-cli-version.ts';

/** Whether it worked; if not, why, in words for a sentence. */
export type MakeResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Given up when nothing arrives for so long: behind many firewalls packets are dropped without an answer. */
const SILENCE_LIMIT_MS = 10_000;
const UNPACK_LIMIT_MS = 60_000;
const PROGRESS_EVERY_MS = 2_000;

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Downloads the official CLI and unpacks it to `target`. Never throws: any trouble means the next way is tried. */
export async function downloadTemporalCli({
  target,
  onProgress,
  signal,
  silenceLimitMs = SILENCE_LIMIT_MS,
  origin = 'https://temporal.download',
}: {
  target: string;
  onProgress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
  silenceLimitMs?: number;
  origin?: string;
}): Promise<MakeResult> {
  const platform = PLATFORMS[process.platform];
  const arch = ARCHITECTURES[process.arch];
  if (platform === undefined || arch === undefined) {
    return { ok: false, reason: `there is none for ${process.platform} on ${process.arch}` };
  }
  const url = `${origin}/cli/archive/v${TEMPORAL_CLI_VERSION}?platform=${platform}&arch=${arch}`;
  const archive = `${target}.tar.gz.tmp`;
  const folder = `${target}.unpacked.tmp`;
  onProgress?.(`Downloading the Temporal CLI ${TEMPORAL_CLI_VERSION} from ${new URL(url).host}.`);
  try {
    await receive({ url, file: archive, silenceLimitMs, onProgress, signal });
    await mkdir(folder, { recursive: true });
    const args = ['-xzf', archive, '-C', folder];
    const { code, output } = await runCommand({ command: 'tar', args, timeoutMs: UNPACK_LIMIT_MS, signal });
    if (code !== 0) return { ok: false, reason: `tar could not unpack it: ${output.slice(-200)}` };
    await rename(join(folder, 'temporal'), target);
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  } finally {
    await rm(archive, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function receive({
  url,
  file,
  silenceLimitMs,
  onProgress,
  signal,
}: {
  url: string;
  file: string;
  silenceLimitMs: number;
  onProgress: ((line: string) => void) | undefined;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const silence = new AbortController();
  const giveUp = () =>
    silence.abort(new Error(`nothing arrived for ${(silenceLimitMs / 1_000).toString()} s`));
  const timer = setTimeout(giveUp, silenceLimitMs);
  const signals = signal === undefined ? [silence.signal] : [silence.signal, signal];
  let bytes = 0;
  let toldAt = performance.now();
  try {
    // The timer goes on from here to the first bytes: headers alone are no download.
    const response = await fetch(url, { signal: AbortSignal.any(signals) });
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
    const output = await open(file, 'w', 0o600);
    try {
      const body: AsyncIterable<Uint8Array> = response.body;
      for await (const chunk of body) {
        timer.refresh();
        bytes += chunk.byteLength;
        await output.writeFile(chunk);
        if (performance.now() - toldAt < PROGRESS_EVERY_MS) continue;
        toldAt = performance.now();
        onProgress?.(`Downloading the Temporal CLI: ${Math.round(bytes / 1e6)} MB.`);
      }
    } finally {
      await output.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
