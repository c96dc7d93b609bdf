import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { brief } from './support.ts';

/** A runbook with one input or variable; its steps begin in line 5. */
function runbook(declared: string, steps: string): string {
  return `apiVersion: muster/v1\nname: test\n${declared}\nsteps:\n${steps}\n`;
}

function secretsIn(text: string): string[] {
  return brief(
    compileRunbook({ text, file: 'test.yaml' }).diagnostics.filter(({ code }) => code === 'SECRET_IN_TEXT'),
  );
}

const shown = (name: string): string => `- { id: a, title: 'With \${{ inputs.${name} }}', wait: 1s }`;

describe('a secret', () => {
  it.each([
    'password',
    'dbPassword',
    'api_key',
    'apiKey',
    'clientSecret',
    'token',
    'accessToken',
    'passphrase',
    'pin',
  ])('is known by its name: %s', (name) => {
    expect(secretsIn(runbook(`inputs: { ${name}: { type: string } }`, shown(name)))).toEqual([
      'SECRET_IN_TEXT 5:29',
    ]);
  });

  it('is known by what is said of it', () => {
    const inputs = 'inputs: { word: { type: string, description: the password of the console } }';
    expect(secretsIn(runbook(inputs, shown('word')))).toEqual(['SECRET_IN_TEXT 5:29']);
  });

  it.each([
    ['a number of one', 'inputs: { tokens: { type: integer } }', 'tokens'],
    ['the id of one', 'inputs: { tokenId: { type: string } }', 'tokenId'],
    [
      'what one is for',
      'inputs: { backup: { type: string, description: the backup that the recovery token is for } }',
      'backup',
    ],
    ['a part of a word', 'inputs: { spinning: { type: string }, keyboard: { type: string } }', 'spinning'],
  ])('is not %s', (_, inputs, name) => {
    expect(secretsIn(runbook(inputs, shown(name)))).toEqual([]);
  });

  it.each([
    [
      'the address of a check',
      "- { id: a, uses: http.check, with: { url: 'http://x/?k=${{ inputs.apiKey }}' } }",
      ['SECRET_IN_TEXT 5:60'],
    ],
    [
      'instructions',
      "- { id: a, manual: { title: Log in, instructions: 'Use ${{ inputs.apiKey }}' } }",
      ['SECRET_IN_TEXT 5:60'],
    ],
    [
      'the question of an approval',
      "- { id: a, approval: { title: '${{ inputs.apiKey }}?', rules: [{ role: r, count: 1 }] } }",
      ['SECRET_IN_TEXT 5:36'],
    ],
    [
      'what a run answers',
      "- { id: a, wait: 1s }\noutputs: { key: '${{ inputs.apiKey }}' }",
      ['SECRET_IN_TEXT 6:22'],
    ],
  ])('is told in %s', (_, steps, expected) => {
    expect(secretsIn(runbook('inputs: { apiKey: { type: string } }', steps))).toEqual(expected);
  });

  it('is told of variables, which stand in the file', () => {
    const steps = "- { id: a, uses: http.check, with: { url: '${{ vars.token }}' } }";
    expect(secretsIn(runbook('vars: { token: abc }', steps))).toEqual(['SECRET_IN_TEXT 5:48']);
  });

  it('is told of an address with a password in it', () => {
    const steps = '- { id: a, uses: http.check, with: { url: "https://ada:lovelace@erp.example/" } }';
    expect(secretsIn(runbook('', steps))).toEqual(['SECRET_IN_TEXT 5:43']);
  });

  it('is told where people would be asked for one', () => {
    const steps = '- { id: a, manual: { title: Log in, fields: { rootPassword: string } } }';
    expect(secretsIn(runbook('', steps))).toEqual(['SECRET_IN_TEXT 5:9']);
  });

  it('may be asked about in a condition', () => {
    const steps = '- { id: a, if: inputs.apiKey == "", wait: 1s }';
    expect(secretsIn(runbook('inputs: { apiKey: { type: string } }', steps))).toEqual([]);
  });
});
