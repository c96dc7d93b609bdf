import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, isJsonObject, jsonBytes, type Json } from '../../src/model/json.ts';

describe('canonical JSON', () => {
  test('sorts keys at every depth and has no white space', () => {
    expect(canonicalJson({ b: [{ y: 1, x: null }], a: 'é' })).toBe('{"a":"é","b":[{"x":null,"y":1}]}');
  });

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test('is the same whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        return canonicalJson(reversed) === canonicalJson(value);
      }),
    );
  });

  test('means what it was made of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });
});

test.each([[null], [[]], ['text'], [1], [undefined]])('%j is no JSON object', (value) => {
  expect(isJsonObject(value)).toBe(false);
});

test('the bytes of a value are those of its JSON in UTF-8', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(jsonBytes(value as Json)).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
  );
});
