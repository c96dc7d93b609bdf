import { describe, expect, it } from 'vitest';
import { envelopeKey, open, rewrap, seal, type Binding, type SealedBox } from '../../src/store/sealed-box.ts';

const key = (byte: number) => envelopeKey(new Uint8Array(32).fill(byte), 'the test');
const [OLD, NEW] = [key(1), key(2)];

const binding: Binding = {
  id: 'token-1',
  connection: 'dr-backup',
  kind: 'recoveryToken',
  run: 'execution-1',
  runbook: 'agent-tokens',
  path: 'issue',
  revealTo: 'site-berlin',
};
const TEXT = 'THE-TOKEN-2F9C';

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
}

describe('a sealed box', () => {
  it('opens with the key that sealed it, whatever others there are', () => {
    expect(open(seal(TEXT, binding, [OLD]), binding, [NEW, OLD])).toBe(TEXT);
  });

  it('is another one each time', () => {
    const boxes = Array.from({ length: 50 }, () => seal(TEXT, binding, [OLD]));
    const parts = boxes.flatMap(({ wrapped, sealed }) =>
      [wrapped, sealed].map((part) => Buffer.from(part).toString('hex')),
    );
    expect(new Set(parts).size).toBe(100);
  });

  it('does not open when one bit of it is another', () => {
    const box = seal(TEXT, binding, [OLD]);
    const changed = (['wrapped', 'sealed'] as const).flatMap((part) =>
      Array.from({ length: box[part].byteLength * 8 }, (_, bit): SealedBox => ({
        ...box,
        [part]: flipped(box[part], bit),
      })),
    );
    const opened = changed.filter((one) => {
      try {
        open(one, binding, [OLD]);
        return true;
      } catch {
        return false;
      }
    });
    expect([changed.length > 800, opened]).toEqual([true, []]);
  });

  it.each(Object.keys(binding))('does not open as something of another %s', (field) => {
    const box = seal(TEXT, binding, [OLD]);
    expect(() => open(box, { ...binding, [field]: 'other' }, [OLD])).toThrow(
      expect.objectContaining({ code: 'secret.corrupt' }),
    );
  });

  it('does not open with another key, also one that bears its name', () => {
    const box = seal(TEXT, binding, [OLD]);
    expect(() => open(box, binding, [NEW])).toThrow(expect.objectContaining({ code: 'secret.keyUnknown' }));
    expect(() => open(box, binding, [{ ...NEW, id: OLD.id }])).toThrow(
      expect.objectContaining({ code: 'secret.corrupt' }),
    );
  });

  it('holds any text', () => {
    const texts = ['', '\0', '日本 🔑', 'x'.repeat(100_000)];
    expect(texts.map((text) => open(seal(text, binding, [OLD]), binding, [OLD]))).toEqual(texts);
  });

  it('under a new key needs the old one no more, and its secret stays sealed as it was', () => {
    const before = seal(TEXT, binding, [OLD]);
    const after = rewrap(before, binding, [NEW, OLD]);
    expect([open(after, binding, [NEW]), after.sealed]).toEqual([TEXT, before.sealed]);
  });
});
