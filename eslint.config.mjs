import { builtinModules } from 'node:module';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { LAYERS } from './tools/layers.mjs';

const OBSERVE = 'src/observe';

/** A regular expression for relative imports that end inside the folder of `layer`. */
const folderPattern = (layer) => `^\\.{1,2}/(.*/)?${layer.replace('src/', '')}/`;

/** The lint rule that holds the border of one layer; its message names the right door. */
function borderOf(layer, { layers, types = [], lazily = [], npm, node = true }) {
  const door = `${layer} may import ${[...layers, ...npm].join(', ') || 'nothing'}${
    types.length > 0 ? `, and types of ${types.join(', ')}` : ''
  }${lazily.length > 0 ? `, and lazily (await import) ${lazily.join(', ')}` : ''}. See tools/layers.mjs.`;
  const foreign = Object.keys(LAYERS).filter((other) => other !== layer && !layers.includes(other));
  const typesOnly = foreign.filter((other) => types.includes(other) || other === OBSERVE);
  const closed = foreign.filter((other) => !typesOnly.includes(other));
  const opened = layers.filter((name) => name.endsWith('.ts')).map((name) => name.split('/').pop());
  const except = opened.length > 0 ? `(?!(${opened.join('|').replaceAll('.', '\\.')})$)` : '';
  const packages = npm.map((name) => name.replaceAll('/', '\\/')).join('|');
  const builtin = node ? `|node:` : '';
  return {
    files: [`${layer}/**/*.ts`],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ...closed.map((other) => ({ regex: `${folderPattern(other)}${except}`, message: door })),
            ...typesOnly.map((other) => ({
              regex: `${folderPattern(other)}${except}`,
              allowTypeImports: true,
              message: door,
            })),
            { regex: `^(?!\\.|(${packages || 'nothing'})(/|$)${builtin})`, message: door },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['node_modules/**', '.muster/**', '.cache/**', 'tools/temporal/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      // Relative imports name their file whole, so Node's own resolution is enough.
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.mjs'] })],
    },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-shadow': 'off',
      '@typescript-eslint/no-shadow': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // A number in a template is a number in a sentence; objects and undefined stay errors.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Index signatures are read with brackets (tsconfig: noPropertyAccessFromIndexSignature).
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      // A named key says what it is: `{ [name: string]: InputSpec }`.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // `type` for unions and data that must be JSON, `interface` for contracts: both have their place.
      '@typescript-eslint/consistent-type-definitions': 'off',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-mutable-exports': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config/ and tools/ read the environment.' },
        { object: 'process', property: 'exit', message: 'Only src/cli/main.ts ends the process.' },
      ],
    },
  },
  ...Object.entries(LAYERS).map(([layer, border]) => borderOf(layer, border)),
  {
    files: ['src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts', 'vitest.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['vitest.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['bench/**/*.ts', 'tools/**/*.ts', 'src/cli/main.ts'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['workflows/**/*.ts', 'src/model/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'Intl', message: 'Locale data differs between hosts: a replay hazard.' },
        {
          name: 'crypto',
          message: 'The sandbox has no crypto: make digests in an activity, ids with uuid4().',
        },
        { name: 'structuredClone', message: 'Not in the sandbox.' },
        { name: 'fetch', message: 'Side effects belong in activities.' },
        { name: 'Buffer', message: 'Not in the sandbox.' },
        { name: 'process', message: 'Not in the sandbox.' },
        ...builtinModules
          .filter((name) => name === 'performance')
          .map((name) => ({ name, message: 'Not in the sandbox.' })),
      ],
    },
  },
);
