import { createHash } from 'node:crypto';

/** Enough of a name to recognise it in a folder. */
const READABLE_LENGTH = 40;

/** SHA-256 in hex, of a text's UTF-8 bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * A file name for any text, also a hostile one: what can be read of it for people, and a digest that tells it from every
 * other, also where the file system does not know upper from lower case. It names no other folder and has 73 bytes at most.
 */
export function fileNameFor(text: string): string {
  const readable = text
    .slice(0, READABLE_LENGTH)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const digest = sha256(text).slice(0, 32);
  return readable === '' ? digest : `${readable}.${digest}`;
}
