import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOG } from '../src/catalog/index.ts';
import { rawConfig } from '../src/config/schema.ts';
import { FAILURE_CODES } from '../src/model/failure.ts';
import { ONE_OPERATIONS, VBR_OPERATIONS, VRO_OPERATIONS } from '../src/veeam/index.ts';

const page = await readFile(join(import.meta.dirname, '..', 'docs', 'veeam.md'), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, body = '']) => body);
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

describe('the page of the Veeam servers', () => {
  it.each(examples.map((example, index) => ({ index, example })))(
    'has example $index as the configuration takes it',
    ({ example }) => {
      expect(rawConfig.safeParse(parse(example)).error?.issues ?? []).toEqual([]);
    },
  );

  it('names every key of a connection', () => {
    const { connections } = rawConfig.shape;
    const keys = Object.keys(connections.unwrap().valueType.shape);
    expect(keys.filter((key) => !quoted.includes(key))).toEqual([]);
  });

  it('names no action and no code that does not exist', () => {
    const known = [CATALOG, FAILURE_CODES, VRO_OPERATIONS, VBR_OPERATIONS, ONE_OPERATIONS];
    const looksKnown = quoted.filter((text) => /^(?:vro|vbr|one|veeam|effect|fence|step)\.\w+$/.test(text));
    expect(looksKnown.filter((text) => !known.some((table) => Object.hasOwn(table, text)))).toEqual([]);
  });

  it('says of every command how it is sent at most once', () => {
    const commands = Object.entries(CATALOG).filter(([name, { effect }]) => {
      return effect === 'command' && /^(?:vro|vbr|one)\./.test(name);
    });
    expect(commands.filter(([name]) => !page.includes(`| \`${name}\``))).toEqual([]);
  });

  it('has every guess of the tables in one of its notes', () => {
    const tables = [VRO_OPERATIONS, VBR_OPERATIONS, ONE_OPERATIONS];
    const guesses = tables
      .flatMap((table) => Object.values<{ confidence: string; note?: string }>(table))
      .filter(({ confidence }) => confidence === 'GUESS');
    expect(guesses.filter(({ note }) => note === undefined || note === '')).toEqual([]);
  });
});
