import { hash } from 'node:crypto';
import { canonicalJson } from '../model/json.ts';

/** SHA-256 in hex; of a text that of its UTF-8 bytes. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}

/** SHA-256 of the canonical JSON of a value, in hex: what entries name it by. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
