import { wellFormed } from './text.ts';

/** Names of JSON fields whose values are secrets wherever they stand in a body. */
const SECRET_FIELDS = new Set([
  'access_token',
  'refresh_token',
  'mfa_token',
  'mfa_passcode',
  'vbr_token',
  'client_secret',
  'password',
  'recoverytoken',
]);

/** How many secrets are remembered: tokens change every few minutes, and only recent ones can be echoed. */
const MAX_REMEMBERED = 256;

/** How deep and how many nodes of a body are searched for secret fields: more than any body of these APIs needs. */
const MAX_DEPTH = 5;
const MAX_NODES = 10_000;

const HIDDEN = '[hidden]';

/** A field and its value in JSON that stands as text in a message, with its quotes escaped or not. */
const QUOTED_FIELD = new RegExp(
  String.raw`(\b(?:${[...SECRET_FIELDS].join('|')})\\{0,3}["']\s{0,3}:\s{0,3}\\{0,3}["'])[^"']+`,
  'gi',
);

/** Remembers the secrets of one connection, in memory only, to remove them from text that goes into errors. */
export interface Scrubber {
  learn(secret: string): void;
  /** Learns the values of all fields of a parsed body that are known to be secret. */
  learnFrom(body: unknown): void;
  /** Removes what was learned, and the values of secret fields in JSON that a message quotes. */
  scrub(text: string): string;
}

export function createScrubber(): Scrubber {
  /** Each with the ways in which it can be written. */
  const remembered = new Map<string, readonly string[]>();

  function learn(secret: string): void {
    if (secret === '') return;
    const forms = remembered.get(secret) ?? writtenForms(secret);
    // Deleted first so that a secret in use stays among the newest.
    remembered.delete(secret);
    remembered.set(secret, forms);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(oldest);
    }
  }

  function learnFrom(body: unknown): void {
    let nodes = 0;
    const visit = (value: unknown, depth: number): void => {
      if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || nodes > MAX_NODES) return;
      for (const [key, child] of Object.entries(value)) {
        nodes += 1;
        if (typeof child === 'string' && SECRET_FIELDS.has(key.toLowerCase())) learn(child);
        else visit(child, depth + 1);
      }
    };
    visit(body, 0);
  }

  function scrub(text: string): string {
    // Longest first: a secret that contains another one must not leave its rest behind.
    const forms = [...remembered.values()].flat().sort((a, b) => b.length - a.length);
    const known = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
    return known.replaceAll(QUOTED_FIELD, `$1${HIDDEN}`);
  }

  return { learn, learnFrom, scrub };
}

/**
 * A server may echo a secret as it came over the wire (form-encoded, URL-encoded, inside JSON), as it writes that itself (in a URL
 * with small letters, in HTML), or what it was sent as bytes (in hex, in base64).
 */
function writtenForms(secret: string): string[] {
  const form = new URLSearchParams({ s: secret }).toString().slice('s='.length);
  const json = JSON.stringify(secret).slice(1, -1);
  const sent = [...new Set([secret, form, encodeURIComponent(wellFormed(secret)), json])];
  const shown = [...sent.map(inSmallLetters), inHtml(secret)];
  return [...new Set([...sent, ...shown, ...sent.flatMap(asBytes)])];
}

function inSmallLetters(encoded: string): string {
  return encoded.replaceAll(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
}

function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A text of few bytes could be anything in these. */
const MIN_BYTES = 6;

/** In hex, and in base64 wherever the text begins within three bytes, without the letters that depend on its neighbours. */
function asBytes(text: string): string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < MIN_BYTES) return [];
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) => {
    const written = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return written.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const forUrls = base64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'));
  return [hex, hex.toUpperCase(), ...base64, ...forUrls];
}
