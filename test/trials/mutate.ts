import fc from 'fast-check';

/** What is put into texts: the signs of YAML and of expressions, words of the language, and what software trips over. */
const TOKENS = [
  ...'[ ] { } ( ) : , - ? ! * & # | > % @ \' " \\ . = < + /'.split(' '),
  ...[
    '\n',
    '\n  ',
    '\n- ',
    '  ',
    '\t',
    '\r',
    '---\n',
    '...\n',
    ': ',
    '- - ',
    '? ',
    '${{',
    '}}',
    '${{ inputs.plan }}',
    '<<: ',
  ],
  ...[
    '&a ',
    '*a',
    '!!js/function ',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'true',
    'no',
    '~',
    '0x1F',
    '.inf',
    '.nan',
  ],
  ...[
    '-0',
    '1e308',
    '9007199254740993',
    '12:30:45',
    '\0',
    '\u202e',
    '\ud800',
    '\ufeff',
    '😀',
    'é',
    '\u0301',
    '\\u0000',
  ],
  ...[
    'steps: ',
    'forEach: ',
    'parallel: ',
    'uses: vro.failover',
    'if: ',
    'until: ',
    'wait: 1s',
    'runbook: ',
    'id: a, ',
    'inputs.',
  ],
  ...[
    'steps.',
    '.map(x, ',
    '.exists(x, ',
    '.all(x, ',
    'size(',
    'has(',
    ' in ',
    ' && ',
    ' || ',
    ' ? ',
    ' == ',
    '"a" + ',
  ],
];

/** One change of a text. `at` and `size` are taken modulo what the text allows. */
export interface Mutation {
  readonly kind: 'insert' | 'replace' | 'remove' | 'repeat' | 'swapLines' | 'splice' | 'flip';
  readonly at: number;
  readonly size: number;
  readonly token: string;
  readonly times: number;
}

const KINDS = ['insert', 'replace', 'remove', 'repeat', 'swapLines', 'splice', 'flip'] as const;

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    at: fc.nat({ max: 1_000_000 }),
    size: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 20 }) }, fc.nat({ max: 2_000 })),
    token: fc.constantFrom(...TOKENS),
    times: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.nat({ max: 40 }), fc.nat({ max: 4_000 })),
  }),
  { maxLength: 8 },
);

/** Larger texts are refused for their size; what is gained by making many of them is time lost. */
const MAX_LENGTH = 400_000;

/** Changes a text; `other` is where splices come from. */
export function mutate(text: string, changes: readonly Mutation[], other: string): string {
  return changes.reduce((changed, mutation) => applied(changed, mutation, other).slice(0, MAX_LENGTH), text);
}

function applied(text: string, { kind, at: where, size, token, times }: Mutation, other: string): string {
  const at = where % (text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (kind) {
    case 'insert':
      return before + token.repeat(times) + after;
    case 'replace':
      return before + token.repeat(times) + after.slice(size);
    case 'remove':
      return before + after.slice(size);
    case 'repeat':
      return before + after.slice(0, size).repeat(times + 1) + after.slice(size);
    case 'swapLines':
      return swapped(text.split('\n'), at, size).join('\n');
    case 'splice':
      return before + other.slice(where % (other.length + 1)).slice(0, size * 4) + after;
    case 'flip':
      return before + String.fromCharCode((after.charCodeAt(0) || 0) ^ (1 << (size % 8))) + after.slice(1);
  }
}

function swapped(lines: readonly string[], at: number, by: number): string[] {
  const [one, other] = [at % lines.length, (at + by) % lines.length];
  return lines.map((line, index) => lines[index === one ? other : index === other ? one : index] ?? line);
}
