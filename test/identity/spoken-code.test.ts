import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOfGate, isSameCode, newCodeSalt } from '../../src/identity/index.ts';

const GATE = { nonce: 'n-1', digest: 'd-1', asked: { spokenSalt: 'salt' } };
const codeOf = (changes: Partial<typeof GATE> = {}): string => codeOfGate({ ...GATE, ...changes }) ?? 'none';

describe('the code of a gate', () => {
  it('has eight letters that nobody mixes up', () => {
    const gates = fc.record({ nonce: fc.string(), digest: fc.string(), salt: fc.string({ minLength: 1 }) });
    fc.assert(
      fc.property(gates, ({ salt, ...gate }) => {
        expect(codeOfGate({ ...gate, asked: { spokenSalt: salt } })).toMatch(
          /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/,
        );
      }),
    );
  });

  it('stays the same for one opening', () => {
    expect(codeOf()).toBe('5M7C-X6D9');
  });

  it.each([{ nonce: 'n-2' }, { digest: 'd-2' }, { asked: { spokenSalt: newCodeSalt() } }])(
    'is another one with %j',
    (changes) => {
      expect(codeOf(changes)).not.toBe(codeOf());
    },
  );

  it('is none without its random part, since the others can be read by many', () => {
    expect([codeOfGate({ ...GATE, asked: {} }), codeOfGate({ ...GATE, asked: { spokenSalt: '' } })]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('a code that was heard', () => {
  it.each(['7K2M-Q0Z1', '7k2mq0z1', ' 7K2M Q0Z1 ', '7K2M-QOZI', '7K2M-QoZl'])('is known as %s', (heard) => {
    expect(isSameCode(heard, '7K2M-Q0Z1')).toBe(true);
  });

  it.each(['', '7K2M-Q0Z', '7K2M-Q0Z11', '7K2M-Q0Z2', '7K2M-Q0Z1\u0000'])('is not %j', (heard) => {
    expect(isSameCode(heard, '7K2M-Q0Z1')).toBe(false);
  });
});
