import { describe, expect, it } from 'vitest';
import { newPasscodeSecret, stepOfPasscode } from '../../src/identity/totp.ts';

/** The key of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a passcode', () => {
  // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('of the standard at %i s is known', (seconds, code) => {
    expect(stepOfPasscode(SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it.each([
    [-60, undefined],
    [-30, 1],
    [0, 1],
    [30, 1],
    [60, undefined],
  ])('is taken one step early or late, no more (%i s off)', (off, step) => {
    expect(stepOfPasscode(SECRET, '287082', (59 + off) * 1_000)).toBe(step);
  });

  it.each(['', '28708', '2870820', '287083', 'abcdef', '２８７０８２', '0x45FCA'])(
    'is refused when it is another text (%s)',
    (code) => {
      expect(stepOfPasscode(SECRET, code, 59_000)).toBeUndefined();
    },
  );

  it('may be typed with a gap, and its secret in groups', () => {
    expect(stepOfPasscode('gezd gnbv gy3t qojq-gezd gnbv gy3t qojq ==', '287 082', 59_000)).toBe(1);
  });
});

describe('a secret', () => {
  it.each(['GEZDGNBVGY3TQOJQ', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1', ''])(
    'that is short or no base32 is refused, unseen (%#)',
    (secret) => {
      const error = catchError(() => stepOfPasscode(secret, '287082', 59_000));
      expect(error).toMatchObject({ code: 'identity.badRequest' });
      expect(String(error)).not.toContain(secret === '' ? 'GEZD' : secret);
    },
  );

  it('is made new each time, ready for an authenticator app', () => {
    const { secret, uri } = newPasscodeSecret('anna');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toBe(`otpauth://totp/muster%3Aanna?secret=${secret}&issuer=muster`);
  });
});

function catchError(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It was accepted.');
}
