import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { brief, compiled, errorsOf, start } from './support.ts';

const HEAD = `apiVersion: muster/v1
name: test
connections: { vro: dr-site, vbr: dr-backup }
inputs: { agents: { type: list, of: { name: string, site: string }, default: [] }, one: { type: string, default: a } }
steps:
`;

interface Parts {
  readonly loop?: string;
  readonly steps?: string;
  readonly after?: string;
}

/** A loop whose keys stand in lines 7 to 9, its first step in line 11. */
function looped({
  loop = 'items: "${{ inputs.agents }}", as: agent, key: "${{ agent.name }}"',
  steps = '- { id: rest, if: agent.site == inputs.one, wait: 1s }',
  after = '',
}: Parts = {}): string {
  return `${HEAD}- id: each\n  forEach: { ${loop} }\n  steps:\n  ${steps}\n${after}`;
}

const hintOf = (text: string): string | undefined =>
  compileRunbook({ text, file: 'test.yaml' }).diagnostics.find(({ hint }) => hint !== undefined)?.hint;

describe('a loop', () => {
  it('is compiled with its steps, one at a time unless it says otherwise', () => {
    expect(compiled(looped()).steps).toMatchObject([
      {
        kind: 'forEach',
        path: 'each',
        items: '${{ inputs.agents }}',
        as: 'agent',
        key: '${{ agent.name }}',
        maxConcurrency: 1,
        collect: false,
        steps: [{ kind: 'wait', path: 'each/rest' }],
      },
    ]);
  });

  it.each<readonly [string, Parts, readonly string[]]>([
    [
      'that says nothing',
      { loop: '', steps: '- { id: rest, check: inputs.one == "a" }' },
      ['REQUIRED 7:12', 'REQUIRED 7:12', 'REQUIRED 7:12'],
    ],
    ['over a text', { loop: 'items: agents, as: agent, key: "${{ agent.name }}"' }, ['TYPE 7:21']],
    [
      'over what is no list',
      { loop: 'items: "${{ inputs.one }}", as: agent, key: "${{ agent.name }}"' },
      ['TYPE 7:21'],
    ],
    [
      'whose item has the name of something else',
      {
        loop: 'items: "${{ inputs.agents }}", as: steps, key: x',
        steps: '- { id: rest, check: inputs.one == "a" }',
      },
      ['ID 7:49'],
    ],
    [
      'with more at a time than there may be',
      { loop: 'items: "${{ inputs.agents }}", as: agent, key: "${{ agent.name }}", maxConcurrency: 51' },
      ['VALUE 7:98'],
    ],
    [
      'that does something else with failures',
      { loop: 'items: "${{ inputs.agents }}", as: agent, key: "${{ agent.name }}", failures: ignore' },
      ['VALUE 7:92'],
    ],
    [
      'with a key it does not know',
      { loop: 'items: "${{ inputs.agents }}", as: agent, key: "${{ agent.name }}", max: 3' },
      ['UNKNOWN_KEY 7:82'],
    ],
  ])('%s is refused', (_, parts, expected) => {
    expect(errorsOf(looped(parts))).toEqual(expected);
  });

  it('stands beside steps only', () => {
    const text = `${HEAD}- { id: a, check: inputs.one == "a", forEach: { items: "\${{ inputs.agents }}", as: b, key: "\${{ b.name }}" } }`;
    expect(errorsOf(text)).toEqual(['MISPLACED 6:38']);
    expect(hintOf(text)).toContain('under `steps`');
  });

  const nested = (as: string, check: string): string =>
    `- { id: inner, forEach: { items: "\${{ inputs.agents }}", as: ${as}, key: "\${{ ${as}.name }}" }, steps: [{ id: rest, check: '${check}' }] }`;

  it('stands in another loop, and speaks of the items of both', () => {
    const inner = nested('other', 'agent.name != other.name');
    expect(errorsOf(looped({ steps: inner }))).toEqual([]);
  });

  it('has another name for its item than the loop around it', () => {
    expect(errorsOf(looped({ steps: nested('agent', 'true') }))).toEqual(['ID 9:11']);
  });
});

describe('names in a loop', () => {
  it.each<readonly [string, Parts, readonly string[]]>([
    [
      'an unknown field of the item',
      { steps: '- { id: a, check: agent.nmae == "x" }' },
      ['UNKNOWN_REFERENCE 9:21'],
    ],
    ['a field of a field', { steps: '- { id: a, check: agent.name.x == "x" }' }, ['UNKNOWN_REFERENCE 9:21']],
    [
      'the item behind the loop',
      { after: '- { id: a, check: agent.name == "x" }' },
      ['UNKNOWN_REFERENCE 10:19'],
    ],
    [
      'the loop from within',
      { steps: '- { id: a, check: steps.each.output.total > 1 }' },
      ['LATE_REFERENCE 9:21'],
    ],
    [
      'a step of it behind the loop',
      { after: '- { id: a, check: steps.rest.outcome == "x" }' },
      ['LATE_REFERENCE 10:19'],
    ],
    [
      'an unknown count',
      { after: '- { id: a, check: steps.each.output.ok > 1 }' },
      ['UNKNOWN_REFERENCE 10:19'],
    ],
    [
      'an unknown step of an item',
      { after: '- id: a\n  check: steps.each.items["x"].output.rset.x == 1' },
      ['UNKNOWN_REFERENCE 11:10'],
    ],
    [
      'what an item has not',
      { after: '- id: a\n  check: steps.each.items["x"].startedAt == "x"' },
      ['UNKNOWN_REFERENCE 11:10'],
    ],
  ])('do not reach %s', (_, parts, expected) => {
    expect(errorsOf(looped(parts))).toEqual(expected);
  });

  it('say how an item is reached from outside', () => {
    expect(hintOf(looped({ after: '- { id: a, check: steps.rest.outcome == "x" }' }))).toBe(
      'Say which item is meant: steps.each.items["key"].output.rest.',
    );
  });

  it('reach the item in titles, conditions and values, and its steps', () => {
    const steps = `- { id: find, title: 'Tokens of \${{ agent.name }}', uses: vbr.listRecoveryTokens, with: { name: '\${{ agent.name }}' } }
  - { id: none, if: agent.site != "", check: steps.find.output.total == 0 }`;
    const after =
      '- id: a\n  check: steps.each.items["x"].output.find.total == 0 && steps.each.output.total == 1';
    expect(errorsOf(looped({ steps, after }))).toEqual([]);
  });
});

describe('an approval and a loop', () => {
  const FAILOVER = "- { id: failover, uses: vro.failover, with: { plan: '${{ agent.name }}' } }";
  const approval = (id: string): string =>
    `- { id: ${id}, approval: { covers: [failover], rules: [{ role: dr-manager, count: 1 }] } }`;

  it('before it covers what is done for each item', () => {
    const text = looped({ steps: FAILOVER }).replace('- id: each', `${approval('go')}\n- id: each`);
    expect(brief(start(text, { mode: 'live' }).diagnostics)).toEqual([]);
  });

  it('inside of it covers what is done for the same item', () => {
    expect(errorsOf(looped({ steps: `${approval('go')}\n  ${FAILOVER}` }))).toEqual([]);
  });

  it('is needed in a live run', () => {
    const { diagnostics } = start(looped({ steps: FAILOVER }), { mode: 'live' });
    expect(brief(diagnostics)).toEqual(['LIVE_NOT_COVERED 9:11']);
  });

  it('cannot cover what depends on the loop itself', () => {
    const find = "- { id: find, uses: vro.plan, with: { plan: '${{ agent.name }}' } }";
    const failover = FAILOVER.replace('agent.name', 'steps.find.output.id');
    const text = looped({ steps: `${find}\n  ${failover}` }).replace(
      '- id: each',
      `${approval('go')}\n- id: each`,
    );
    expect(errorsOf(text)).toEqual(['COVER_UNRESOLVED 6:34']);
  });

  it('inside of it covers nothing behind it', () => {
    const after = FAILOVER.replace('${{ agent.name }}', 'ERP');
    expect(errorsOf(looped({ steps: approval('go'), after }))).toEqual(['COVER_ORDER 9:36']);
  });
});

describe('the list that a run is started with', () => {
  const startWith = (agents: unknown) => start(looped(), { mode: 'drill', inputs: { agents } });

  it('is a list of objects, or JSON on the command line', () => {
    const agents = [{ name: 'srv1', site: 'hh' }];
    expect(startWith(agents).inputs).toEqual({ agents, one: 'a' });
    expect(startWith(JSON.stringify(agents)).inputs).toEqual({ agents, one: 'a' });
  });

  it.each<readonly [string, unknown, string]>([
    ['a text', 'srv1', '`agents`: expected a list: [ … ] as JSON, or @FILE.csv or @FILE.json.'],
    ['a missing field', [{ name: 'a' }], '`agents`: item 1: the field `site` is missing.'],
    [
      'an unknown field',
      [{ name: 'a', site: 'b', sit: 'c' }],
      '`agents`: item 1: there is no field `sit`. Did you mean `site`?',
    ],
    [
      'another type',
      [
        { name: 'a', site: 'b' },
        { name: 5, site: 'b' },
      ],
      '`agents`: item 2: `name`: expected a text, got 5.',
    ],
    ['no object', ['a'], '`agents`: item 1: expected the fields name, site.'],
    [
      'too many items',
      Array.from({ length: 1_001 }, () => ({ name: 'a', site: 'b' })),
      '`agents`: expected at most 1000 items, got 1001.',
    ],
    [
      'too much',
      Array.from({ length: 100 }, () => ({ name: 'a'.repeat(2_000), site: 'b' })),
      '`agents`: expected at most 131072 characters in all, got 202301.',
    ],
  ])('is refused when it is %s', (_, agents, message) => {
    expect(startWith(agents).diagnostics).toMatchObject([{ code: 'INPUT_TYPE', line: 4, message }]);
  });

  it('has the types of its fields, also from a table of texts', () => {
    const text = looped().replace('site: string', 'site: integer').replace('== inputs.one', '> 1');
    const { inputs } = start(text, { mode: 'drill', inputs: { agents: [{ name: 'a', site: '5' }] } });
    expect(inputs?.['agents']).toEqual([{ name: 'a', site: 5 }]);
  });
});
