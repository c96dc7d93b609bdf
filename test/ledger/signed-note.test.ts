import { describe, expect, it } from 'vitest';
import {
  formatNote,
  formatVerifierKey,
  parseNote,
  parseVerifierKey,
  signerKey,
  signNote,
  verifyNote,
} from '../../src/ledger/index.ts';
import { keyFromSeed, newKey, refusalOf } from './support.ts';

/** The example of the reference implementation (golang.org/x/mod/sumdb/note). */
const VERIFIER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const NOTE = `${TEXT}\n${LINE}`;
const peter = parseVerifierKey(VERIFIER_KEY);

describe('the reference example', () => {
  it('verifies', () => {
    expect(verifyNote(parseNote(NOTE), [peter]).signed).toEqual([{ key: peter }]);
  });

  it('comes out of its private key byte for byte', () => {
    const key = signerKey('PeterNeumann', 'ed25519', keyFromSeed(SEED));
    expect(formatNote(signNote(TEXT, [key], 0))).toBe(NOTE);
    expect(formatVerifierKey(key)).toBe(VERIFIER_KEY);
  });

  it('is refused after any change of a byte', () => {
    const bytes = Buffer.from(NOTE);
    const passed = [...bytes.keys()].filter((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      return refusalOf(() => verifyNote(parseNote(changed), [peter])) === undefined;
    });
    expect(passed).toEqual([]);
  });
});

describe('a verifier key', () => {
  it('of a witness is read as one', () => {
    const key = parseVerifierKey('remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2');
    expect(key).toMatchObject({ name: 'remora.n621.de', kind: 'cosignature/v1', keyId: 'da77ade7' });
  });

  it('is refused after any change of a letter', () => {
    const passed = Array.from(VERIFIER_KEY, (letter, at) => {
      const other = String.fromCharCode(letter.charCodeAt(0) + 1);
      return `${VERIFIER_KEY.slice(0, at)}${other}${VERIFIER_KEY.slice(at + 1)}`;
    });
    expect(new Set(passed.map((text) => refusalOf(() => parseVerifierKey(text))?.code))).toEqual(
      new Set(['ledger.badKey']),
    );
  });

  it.each(['', '+', 'a+b', `${VERIFIER_KEY}=`, VERIFIER_KEY.slice(0, -4), 'a b+c74f20a3+AQ==', '\u0000++'])(
    'is not %j',
    (text) => {
      expect(refusalOf(() => parseVerifierKey(text))?.code).toBe('ledger.badKey');
    },
  );
});

describe('a note', () => {
  const [one, two, three] = [newKey('one'), newKey('two'), newKey('three')];
  const note = signNote('text\n\nwith an empty line\n', [one, two], 0);

  it('carries several signatures, and names the unknown ones', () => {
    const { signed, unknown } = verifyNote(parseNote(formatNote(note)), [three, two]);
    expect(signed.map(({ key }) => key.name)).toEqual(['two']);
    expect(unknown.map(({ name }) => name)).toEqual(['one']);
  });

  it('counts for nothing without a signature of a known key', () => {
    expect(refusalOf(() => verifyNote(note, [three]))?.code).toBe('ledger.notSigned');
  });

  it('is refused when one known signature is wrong and another right', () => {
    const [first, second] = note.signatures;
    const mixed = { ...note, signatures: [first, { ...second, signature: first?.signature }] };
    const changed = parseNote(formatNote(mixed as typeof note));
    expect(refusalOf(() => verifyNote(changed, [one, two]))).toEqual({
      code: 'ledger.badSignature',
      place: `two+${two.keyId}`,
    });
  });

  it('is refused when a key has signed twice', () => {
    const twice = parseNote(`${NOTE}${LINE}`);
    expect(refusalOf(() => verifyNote(twice, [peter]))?.code).toBe('ledger.badNote');
  });

  it('does not count a key of another kind under the same name', () => {
    const witness = { ...one, kind: 'cosignature/v1' as const };
    expect(refusalOf(() => verifyNote(note, [witness]))?.code).toBe('ledger.badSignature');
  });

  it.each([
    { name: 'no newline at the end', text: NOTE.slice(0, -1) },
    { name: 'two newlines at the end', text: `${NOTE}\n` },
    { name: 'no blank line', text: `${TEXT}${LINE}` },
    { name: 'no signature', text: `${TEXT}\n` },
    { name: 'nothing', text: '' },
    { name: 'a hyphen for the dash', text: NOTE.replace('\u2014', '-') },
    { name: 'two spaces', text: NOTE.replace('PeterNeumann ', 'PeterNeumann  ') },
    { name: 'a word more', text: `${NOTE.slice(0, -1)} more\n` },
    { name: 'no name', text: NOTE.replace('PeterNeumann', '') },
    { name: 'a plus sign in a name', text: NOTE.replace('PeterNeumann', 'Peter+Neumann') },
    { name: 'a hard space in a name', text: NOTE.replace('PeterNeumann', 'Peter\u00a0Neumann') },
    { name: 'base64 with bits left over', text: NOTE.replace('JnAM=', 'JnAN=') },
    { name: 'base64 for addresses', text: NOTE.replace('x08go/', 'x08go_') },
    { name: 'a key id and no signature', text: `${TEXT}\n\u2014 a AAAAAA==\n` },
    { name: 'a carriage return', text: NOTE.replace('\n', '\r\n') },
    { name: 'a tab', text: NOTE.replace(' ', '\t') },
    { name: 'a zero byte', text: NOTE.replace('If', 'I\u0000') },
    { name: 'half a letter', text: NOTE.replace('If', '\ud800') },
    { name: 'too many signatures', text: `${TEXT}\n${LINE.repeat(101)}` },
    { name: 'too many bytes', text: `${'x'.repeat(200_000)}\n\n${LINE}` },
  ])('is refused with $name', ({ text }) => {
    expect(refusalOf(() => parseNote(text))?.code).toBe('ledger.badNote');
  });

  it('is refused when it is no UTF-8', () => {
    expect(refusalOf(() => parseNote(Buffer.from(NOTE, 'latin1')))?.code).toBe('ledger.badNote');
  });

  it('is not made of a text that could not be read again', () => {
    expect(refusalOf(() => signNote('no newline', [one], 0))?.code).toBe('ledger.badNote');
    expect(refusalOf(() => signNote('a\u0007bell\n', [one], 0))?.code).toBe('ledger.badNote');
  });
});
