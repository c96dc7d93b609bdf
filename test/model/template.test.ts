import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../src/model/expression.ts';
import { renderObject, renderText, templateReferences } from '../../src/model/template.ts';

const SCOPE = { inputs: { plan: 'ERP', count: 3, sure: true, list: [1], evil: '${{ inputs.plan }}' } };

describe('a text with expressions', () => {
  test('keeps what stands around them', () => {
    expect(
      renderText('fail ${{ inputs.plan }} over, ${{ inputs.count }} times: ${{inputs.sure}}', SCOPE),
    ).toBe('fail ERP over, 3 times: true');
  });

  test('that is nothing but one keeps its type', () => {
    expect(
      ['${{ inputs.count }}', '${{ inputs.list }}', '${{inputs.sure}}'].map((text) =>
        renderText(text, SCOPE),
      ),
    ).toEqual([3, [1], true]);
  });

  test('is never rendered again', () => {
    expect(renderText('${{ inputs.evil }} and ${{ inputs.evil }}', SCOPE)).toBe(
      '${{ inputs.plan }} and ${{ inputs.plan }}',
    );
  });

  test('takes no list into its middle', () => {
    expect(() => renderText('all of ${{ inputs.list }}', SCOPE)).toThrow(ExpressionError);
  });

  test('says where in it something is wrong', () => {
    expect(() => renderText('a ${{ inputs.plan', SCOPE)).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_SYNTAX', offset: 2 }),
    );
    expect(() => renderText('abc ${{ now() }}', SCOPE)).toThrow(
      expect.objectContaining({ code: 'EXPRESSION_FUNCTION', offset: 8 }),
    );
  });

  test('tells what it refers to, counted in the whole text', () => {
    expect(templateReferences('x ${{ inputs.a }}${{ steps.b }}')).toEqual([
      { path: ['inputs', 'a'], offset: 6 },
      { path: ['steps', 'b'], offset: 21 },
    ]);
  });
});

test('every text in a value is rendered, and no key', () => {
  const value = { '${{ inputs.plan }}': ['${{ inputs.plan }}', { deep: '${{ inputs.count }}' }], other: 1 };
  expect(renderObject(value, SCOPE)).toEqual({ '${{ inputs.plan }}': ['ERP', { deep: 3 }], other: 1 });
});

describe('what rendering costs is bounded', () => {
  const scope = { inputs: { text: 'x'.repeat(40_000), list: Array.from({ length: 400 }, (_, n) => n) } };
  const fails = expect.objectContaining({ code: 'EXPRESSION_FAILED' }) as Error;

  test('for the text that is made', () => {
    expect(() => renderText('${{ inputs.text }}${{ inputs.text }}', scope)).toThrow(fails);
  });

  test('for all the expressions in one value together', () => {
    const one = '${{ inputs.list.all(x, inputs.list.all(y, true)) }}';
    expect(renderText(one, scope)).toBe(true);
    expect(() => renderObject({ all: Array.from({ length: 20 }, () => one) }, scope)).toThrow(fails);
  });
});
