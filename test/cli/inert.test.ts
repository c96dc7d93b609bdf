import { expect, test } from 'vitest';
import { inert, inertLines, inertValue } from '../../src/cli/render/inert.ts';

test('an escape sequence becomes visible and does nothing', () => {
  expect(inert('\u001b[2Jgone\u0007')).toBe('\u241b[2Jgone\u2407');
});

test('C1 controls and characters that reorder text are spelt out', () => {
  expect(inert('a\u009b31mb\u202ec\u200bd')).toBe('a\\u009b31mb\\u202ec\\u200bd');
});

test('a line break cannot make a line of its own', () => {
  expect(inert('ok\n✓ approved')).toBe('ok ⏎ ✓ approved');
});

test('text with lines keeps them, but no carriage return', () => {
  expect(inertLines('a\r\nb\rc')).toBe('a\nb\u240dc');
});

test('every text of a value is made inert, names of fields too', () => {
  const value = inertValue({ 'k\u001b': [{ title: 'x\u001b[31m' }, 1, null] });
  expect(JSON.stringify(value)).not.toContain('\\u001b');
});
