import { describe, expect, it } from 'vitest';
import { dummyHashFor, hashPassword, verifyPassword } from '../../src/identity/passwords.ts';
import { parsePasswordHash } from '../../src/model/password-hash.ts';

const PASSWORD = 'correct horse battery';
const hash = await hashPassword(PASSWORD);
/** By Python: hashlib.scrypt(b'correct horse battery', salt=b'0123456789abcdef', n=2**15, r=8, p=1, dklen=32). */
const CHEAP = '$scrypt$ln=15,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$xxaWgqTSKTdh7WrfWLps/DMbPoovZsowrLVRbAkJkjA';

describe('a hashed password', () => {
  it('is verified, and no other is', async () => {
    expect(await verifyPassword(PASSWORD, hash)).toBe(true);
    expect(await verifyPassword('correct horse batterz', hash)).toBe(false);
  });

  it('says how it was made, and with a salt of its own', async () => {
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hashPassword(PASSWORD)).not.toBe(hash);
  });

  it('agrees with another implementation of scrypt', async () => {
    expect(await verifyPassword(PASSWORD, CHEAP)).toBe(true);
  });

  it('is the same however its letters are composed', async () => {
    const composed = await hashPassword('sehr schöne Kühe');
    expect(await verifyPassword('sehr schöne Kühe'.normalize('NFD'), composed)).toBe(true);
  });

  it.each(['short', 'x'.repeat(513)])('is refused when its length makes no sense (%#)', async (password) => {
    await expect(hashPassword(password)).rejects.toMatchObject({ code: 'identity.badRequest' });
  });

  it.each(['', 'x'.repeat(1_000_000), 'not a hash'])(
    'is never verified for odd input (%#)',
    async (typed) => {
      expect(await verifyPassword(typed, hash)).toBe(false);
      expect(await verifyPassword(PASSWORD, typed)).toBe(false);
    },
  );
});

describe('somebody without a password', () => {
  it('costs what a known person costs, always the same', () => {
    const costly = hash.replace('ln=15', 'ln=17');
    const costOf = (name: string): number | undefined =>
      parsePasswordHash(dummyHashFor(name, [costly]))?.logN;
    expect([costOf('nobody'), costOf('nobody'), costOf('')]).toEqual([17, 17, 17]);
  });

  it('is never let in by the stand-in', async () => {
    expect(await verifyPassword('', dummyHashFor('nobody', [hash]))).toBe(false);
  });
});
