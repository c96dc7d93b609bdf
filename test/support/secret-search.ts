import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_MARK } from '../../src/simulator/index.ts';

/** Read at once of a file that may be large. */
const PIECE = 4 * 1_024 * 1_024;

/**
 * The ways in which a text is written down: as it is, in a URL, in a form, in JSON, in HTML; in another case; and each of them in
 * hex, and in base64 wherever it begins within three bytes.
 */
export function writtenForms(text: string): readonly string[] {
  const texts = [
    ...[text, encodeURIComponent(text), new URLSearchParams({ t: text }).toString().slice('t='.length)],
    JSON.stringify(text).slice(1, -1),
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
  const bytes = texts.flatMap((one) => writtenBytes(Buffer.from(one)));
  return [...new Set([...texts, text.toLowerCase(), text.toUpperCase(), ...bytes])];
}

/** The ways in which bytes are written down as text: in hex, and in base64 wherever they begin within three bytes. */
export function writtenBytes(bytes: Buffer): readonly string[] {
  const base64 = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // What depends on the neighbours is left out at both ends.
    const from = Math.ceil((before * 8) / 6);
    return all.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const hex = bytes.toString('hex');
  const forUrls = base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'));
  return [hex, hex.toUpperCase(), ...base64, ...forUrls];
}

/** The mark of the secrets that simulated servers issue, and that tests configure (`canary-secret.ts`), in every form. */
export const MARKS: readonly string[] = writtenForms(SECRET_MARK);

/** The files in which a secret stands, of these files and of all in these folders. What is gone meanwhile is left out. */
export async function filesWithSecrets(
  paths: readonly string[],
  forms: readonly string[] = MARKS,
): Promise<readonly string[]> {
  const files = (await Promise.all(paths.map(filesIn))).flat();
  const found: string[] = [];
  for (const file of files) if (await holds(file, forms)) found.push(file);
  return found;
}

async function filesIn(path: string): Promise<readonly string[]> {
  const is = await stat(path).catch(() => undefined);
  if (is === undefined) return [];
  if (!is.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function holds(file: string, forms: readonly string[]): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return false;
  const longest = Math.max(...forms.map(({ length }) => length));
  const piece = Buffer.alloc(PIECE);
  try {
    let kept = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await handle.read(piece);
      if (bytesRead === 0) return false;
      const seen = Buffer.concat([kept, piece.subarray(0, bytesRead)]);
      if (forms.some((form) => seen.includes(form))) return true;
      kept = Buffer.from(seen.subarray(Math.max(0, seen.length - longest)));
    }
  } finally {
    await handle.close();
  }
}
