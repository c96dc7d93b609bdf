import { describe, expect, it } from 'vitest';
import { compileRunbook } from '../../src/language/index.ts';
import { ANY_STEP, brief, compiled, errorsOf, withSteps } from './support.ts';

const top = (lines: string): string => `apiVersion: muster/v1\nname: test\n${lines}${ANY_STEP}`;
const hintOf = (text: string): string | undefined =>
  compileRunbook({ text, file: 'test.yaml' }).diagnostics.find(({ hint }) => hint !== undefined)?.hint;

describe('the top of a runbook', () => {
  it.each([
    ['an empty file', '', ['SHAPE 1:1']],
    ['nothing but null', 'null', ['SHAPE 1:1']],
    ['a list', '- a', ['SHAPE 1:1']],
    ['a bare text', 'hello', ['SHAPE 1:1']],
    ['an unknown key', top('nam: x\n'), ['UNKNOWN_KEY 3:1']],
    ['an author who is nobody’s id', top('authors: [Anna Berg]\n'), ['ID 3:11']],
    ['a missing version', `name: a\n${ANY_STEP}`, ['REQUIRED 1:1']],
    ['another version', `apiVersion: muster/v2\nname: a\n${ANY_STEP}`, ['VERSION 1:13']],
    ['a missing name', `apiVersion: muster/v1\n${ANY_STEP}`, ['REQUIRED 1:1']],
    ['a name that is none', `apiVersion: muster/v1\nname: ../../etc\n${ANY_STEP}`, ['ID 2:7']],
    ['missing steps', 'apiVersion: muster/v1\nname: a\n', ['REQUIRED 1:1']],
    ['no steps', 'apiVersion: muster/v1\nname: a\nsteps: []\n', ['REQUIRED 3:8']],
    ['steps that are no list', 'apiVersion: muster/v1\nname: a\nsteps: { id: a }\n', ['SHAPE 3:8']],
    ['a title that is a number', top('title: 5\n'), ['TYPE 3:8']],
    ['a template in the title', top('title: "${{ inputs.x }}"\n'), ['TEMPLATE_HERE 3:8']],
    ['contacts that are no list', top('contacts: me\n'), ['SHAPE 3:11']],
    ['a connection to something else', top('connections: { aws: x }\n'), ['UNKNOWN_KEY 3:16']],
    ['a connection with a strange name', top('connections: { vro: "a/b" }\n'), ['VALUE 3:21']],
  ])('refuses %s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });

  it('names the key that was probably meant', () => {
    expect(hintOf(top('contcts: []\n'))).toBe('Did you mean `contacts`?');
  });

  it('reports all problems at once, in the order of the file', () => {
    const text = `apiVersion: muster/v2\nnam: a\ntitle: 5\nsteps:\n  - { id: 1a, wait: soon }\n  - { id: b }\n`;
    expect(errorsOf(text)).toEqual([
      'REQUIRED 1:1',
      'VERSION 1:13',
      'UNKNOWN_KEY 2:1',
      'TYPE 3:8',
      'ID 5:11',
      'TYPE 5:21',
      'STEP_KIND 6:7',
    ]);
  });
});

describe('inputs and variables', () => {
  const input = (declaration: string): string => top(`inputs: { x: ${declaration} }\n`);
  it.each([
    ['an input without a type', input('{}'), ['REQUIRED 3:14']],
    ['an unknown type', input('{ type: sting }'), ['VALUE 3:22']],
    ['an object that does not say of what', input('{ type: object }'), ['REQUIRED 3:16']],
    ['an object of one type', input('{ type: object, of: string }'), ['SHAPE 3:34']],
    ['a list that does not say of what', input('{ type: list }'), ['REQUIRED 3:16']],
    ['a list of an unknown type', input('{ type: list, of: sting }'), ['VALUE 3:32']],
    ['a list of lists', input('{ type: list, of: list }'), ['NOT_YET 3:32']],
    ['a list of items without fields', input('{ type: list, of: {} }'), ['REQUIRED 3:32']],
    ['a field that expressions cannot name', input('{ type: list, of: { a-b: string } }'), ['ID 3:34']],
    ['items of what is no list', input('{ type: string, of: string }'), ['MISPLACED 3:30']],
    ['a pattern on a list', input("{ type: list, of: string, pattern: 'a' }"), ['MISPLACED 3:49']],
    [
      'an item of a default that has another type',
      input('{ type: list, of: { n: integer }, default: [{ n: 1 }, { n: x }] }'),
      ['TYPE 3:73'],
    ],
    ['another time to ask for it', input('{ type: string, requiredBy: start }'), ['VALUE 3:42']],
    [
      'a default of what is asked for',
      input('{ type: string, default: x, requiredBy: end }'),
      ['MISPLACED 3:42'],
    ],
    [
      'a list that is asked for later',
      input('{ type: list, of: string, requiredBy: end }'),
      ['MISPLACED 3:52'],
    ],
    ['a default of another type', input('{ type: integer, default: "5" }'), ['TYPE 3:40']],
    ['a boolean that is a text', input('{ type: boolean, default: yes }'), ['TYPE 3:40']],
    ['a number with a leading zero', input('{ type: integer, default: 012 }'), ['TYPE 3:40']],
    ['a hexadecimal number', input('{ type: integer, default: 0x1F }'), ['TYPE 3:40']],
    ['a number with an exponent', input('{ type: number, default: 1e3 }'), ['TYPE 3:39']],
    ['infinity', input('{ type: number, default: .inf }'), ['TYPE 3:39']],
    ['what is no number', input('{ type: number, default: .nan }'), ['TYPE 3:39']],
    ['minus zero', input('{ type: integer, default: -0 }'), ['TYPE 3:40']],
    ['a number that would be rounded', input('{ type: integer, default: 9007199254740993 }'), ['TYPE 3:40']],
    ['a number in base sixty', input('{ type: integer, default: 12:30:45 }'), ['TYPE 3:40']],
    ['a duration without a unit', input('{ type: duration, default: "30" }'), ['TYPE 3:41']],
    [
      'a default beside its pattern',
      input("{ type: string, pattern: 'CHG\\d+', default: x }"),
      ['VALUE 3:58'],
    ],
    ['a pattern on a number', input("{ type: integer, pattern: 'a' }"), ['MISPLACED 3:40']],
    ['a nested quantifier', input("{ type: string, pattern: '(a+)+' }"), ['PATTERN 3:39']],
    ['many optional parts', input(`{ type: string, pattern: '${'a?'.repeat(30)}' }`), ['PATTERN 3:39']],
    ['many quantifiers', input("{ type: string, pattern: '.*.*.*.*x' }"), ['PATTERN 3:39']],
    ['many alternatives', input(`{ type: string, pattern: '${'(a|a)'.repeat(30)}' }`), ['PATTERN 3:39']],
    ['a reference back', input("{ type: string, pattern: '(a)\\1' }"), ['PATTERN 3:39']],
    ['a look ahead', input("{ type: string, pattern: '(?=a)a' }"), ['PATTERN 3:39']],
    ['a pattern that cannot be read', input("{ type: string, pattern: '[a' }"), ['PATTERN 3:39']],
    ['a name that CEL reads as its own', top('inputs: { in: { type: string } }\n'), ['ID 3:11']],
    ['a name with a dash', top('vars: { a-b: 1 }\n'), ['ID 3:9']],
    ['inputs that are a list', top('inputs: []\n'), ['SHAPE 3:9']],
    ['a variable for a later mode', top('vars: { x: { drill: 1, tabletop: 2 } }\n'), ['NOT_YET 3:24']],
    ['a variable for a mode that is none', top('vars: { x: { drill: 1, life: 2 } }\n'), ['UNKNOWN_KEY 3:24']],
    ['a template in a variable', top('vars: { x: "${{ inputs.x }}" }\n'), ['TEMPLATE_HERE 3:12']],
    ['an odd number in a variable', top('vars: { x: [1, 0o17] }\n'), ['TYPE 3:16']],
  ])('refuses %s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });

  it('says how booleans are written', () => {
    expect(hintOf(input('{ type: boolean, default: off }'))).toContain('true or false');
  });

  it('anchors patterns over the whole text', () => {
    expect(compiled(input("{ type: string, pattern: '^CHG\\d+$' }")).inputs['x']?.pattern).toBe(
      '^(?:CHG\\d+)$',
    );
  });

  it('gives a variable without modes to every mode', () => {
    const { vars } = compiled(top('vars: { a: 1, b: { drill: x }, c: { list: [1, 2] } }\n'));
    expect(vars).toEqual({
      a: { drill: 1, live: 1 },
      b: { drill: 'x' },
      c: { drill: { list: [1, 2] }, live: { list: [1, 2] } },
    });
  });

  it('warns about what nothing refers to', () => {
    const { runbook, diagnostics } = compileRunbook({ text: top('vars: { x: 1 }\n'), file: 'test.yaml' });
    expect(brief(diagnostics)).toEqual(['UNUSED 3:9']);
    expect(runbook).toBeDefined();
  });
});

describe('the shape of a step', () => {
  it.each([
    ['a step without an id', '- { wait: 1s }', ['REQUIRED 6:5']],
    ['an id that is a number', '- { id: 5, wait: 1s }', ['TYPE 6:9']],
    ['an id that is a CEL word', '- { id: while, wait: 1s }', ['ID 6:9']],
    ['an id that is far too long', `- { id: a${'b'.repeat(100)}, wait: 1s }`, ['LENGTH 6:9']],
    [
      'two steps with one id',
      '- { id: a, wait: 1s }\n- { id: b, steps: [{ id: a, wait: 1s }] }',
      ['DUPLICATE_ID 7:26'],
    ],
    ['a step that does nothing', '- { id: a, title: x }', ['STEP_KIND 6:5']],
    ['a step that does two things', '- { id: a, wait: 1s, check: "true" }', ['STEP_KIND 6:22']],
    ['a step that is a text', '- a', ['SHAPE 6:3']],
    ['an unknown key', '- { id: a, wait: 1s, aproval: true }', ['UNKNOWN_KEY 6:22']],
    [
      'marks that say nothing',
      '- { id: a, wait: 1s, marks: { recoverd: x } }',
      ['UNKNOWN_KEY 6:31', 'REQUIRED 6:31'],
    ],
    [
      'a link that is no web address',
      '- { id: a, wait: 1s, links: [{ title: x, url: "javascript:x" }] }',
      ['VALUE 6:47'],
    ],
    ['a rollback of a wait', '- { id: a, wait: 1s, rollback: { uses: vro.undo } }', ['MISPLACED 6:22']],
    ['branches that are none', '- { id: a, wait: 1s, failFast: true }', ['MISPLACED 6:22']],
    ['a mode of a later version', '- { id: a, wait: 1s, modes: [tabletop] }', ['NOT_YET 6:30']],
    ['an unknown mode', '- { id: a, wait: 1s, modes: [drll] }', ['VALUE 6:30']],
    ['no modes at all', '- { id: a, wait: 1s, modes: [] }', ['REQUIRED 6:29']],
    ['an unknown failure policy', '- { id: a, wait: 1s, onFailure: ignore }', ['VALUE 6:33']],
    ['a wait without a unit', '- { id: a, wait: 30 }', ['TYPE 6:18']],
    ['a wait in base sixty', '- { id: a, wait: 12:30:45 }', ['TYPE 6:18']],
    ['a timeout on a wait', '- { id: a, wait: 1s, timeout: 5m }', ['MISPLACED 6:22']],
    ['a retry on a check', '- { id: a, check: "true", retry: { attempts: 3 } }', ['MISPLACED 6:27']],
    ['an empty parallel', '- { id: a, parallel: [] }', ['REQUIRED 6:22']],
    [
      'too many branches',
      `- { id: a, parallel: [${Array.from({ length: 501 }, (_, i) => `\n { id: b${i}, wait: 1s }`).join(',')}] }`,
      ['COUNT 6:22'],
    ],
    [
      'too many steps',
      Array.from({ length: 2_001 }, (_, i) => `- { id: b${i}, wait: 1s }`).join('\n'),
      ['COUNT 2006:3'],
    ],
  ])('refuses %s', (_, steps, expected) => {
    expect(errorsOf(withSteps(steps))).toEqual(expected);
  });

  it('makes paths of ids, with cleanup and always in front', () => {
    const runbook = compiled(
      withSteps(
        '- { id: a, parallel: [{ id: b, steps: [{ id: c, wait: 1s }] }] }\ncleanup: [{ id: d, wait: 1s }]\nalways: [{ id: e, wait: 1s }]\n',
      ),
    );
    expect(JSON.stringify(runbook)).toContain('"path":"a/b/c"');
    expect([runbook.cleanup[0]?.path, runbook.always[0]?.path]).toEqual(['cleanup/d', 'always/e']);
  });
});

describe('the shape of an approval', () => {
  const approval = (body: string): string => withSteps(`- { id: a, approval: ${body} }`);
  it.each([
    ['an approval without rules', approval('{ covers: [] }'), ['REQUIRED 6:24']],
    ['an approval that asks nobody', approval('{ rules: [] }'), ['REQUIRED 6:31']],
    ['a rule without people', approval('{ rules: [{ count: 1 }] }'), ['REQUIRED 6:34']],
    [
      'a rule with a role and people',
      approval('{ rules: [{ role: x, people: [y], count: 1 }] }'),
      ['MISPLACED 6:43'],
    ],
    ['a rule for nobody', approval('{ rules: [{ role: x, count: 0 }] }'), ['VALUE 6:50']],
    ['a rule without a count', approval('{ rules: [{ role: x }] }'), ['REQUIRED 6:34']],
    [
      'more people than are named',
      approval('{ rules: [{ people: [x, x], count: 2 }] }'),
      ['ROLE_UNSATISFIABLE 6:34'],
    ],
    [
      'an exclusion that it does not know',
      approval('{ rules: [{ role: x, count: 1 }], exclude: [approver] }'),
      ['VALUE 6:66'],
    ],
    ['a comment that may be', approval('{ rules: [{ role: x, count: 1 }], comment: maybe }'), ['VALUE 6:65']],
    [
      'an escalation to nobody',
      approval('{ rules: [{ role: x, count: 1 }], escalate: [] }'),
      ['REQUIRED 6:66'],
    ],
    [
      'an escalation without a time',
      approval('{ rules: [{ role: x, count: 1 }], escalate: [{ to: cio }] }'),
      ['REQUIRED 6:69'],
    ],
    [
      'an escalation that goes back in time',
      approval('{ rules: [{ role: x, count: 1 }], escalate: [{ after: 5m, to: a }, { after: 5m, to: b }] }'),
      ['VALUE 6:98'],
    ],
    [
      'an escalation after the timeout',
      approval('{ rules: [{ role: x, count: 1 }], timeout: 5m, escalate: [{ after: 300s, to: a }] }'),
      ['VALUE 6:89'],
    ],
    [
      'six escalations',
      approval(
        `{ rules: [{ role: x, count: 1 }], escalate: [${[1, 2, 3, 4, 5, 6].map((m) => `{ after: ${m}m, to: a }`).join()}] }`,
      ),
      ['COUNT 6:66'],
    ],
    [
      'a timeout that means yes',
      approval('{ rules: [{ role: x, count: 1 }], onTimeout: approve }'),
      ['VALUE 6:67'],
    ],
    [
      'two titles',
      withSteps('- { id: a, title: x, approval: { title: y, rules: [{ role: x, count: 1 }] } }'),
      ['MISPLACED 6:34'],
    ],
    [
      'a timeout beside the approval',
      withSteps('- { id: a, timeout: 5m, approval: { rules: [{ role: x, count: 1 }] } }'),
      ['MISPLACED 6:12'],
    ],
  ])('refuses %s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });
});

describe('the shape of who decides', () => {
  const decided = (decisions: string): string => withSteps(`- { id: a, wait: 1s }\ndecisions: ${decisions}`);
  it.each([
    ['a decision that nobody knows', decided('{ approve: { role: x, count: 1 } }'), ['UNKNOWN_KEY 7:14']],
    ['a list', decided('[{ role: x, count: 1 }]'), ['SHAPE 7:12']],
    ['a decision by nobody', decided('{ skip: { count: 1 } }'), ['REQUIRED 7:22']],
    ['a decision without a count', decided('{ skip: { role: x } }'), ['REQUIRED 7:22']],
  ])('refuses %s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });

  it('has a rule for each decision that it names', () => {
    const rules = { skip: { role: 'operator', count: 2 }, default: { people: ['anna'], count: 1 } };
    expect(compiled(decided(JSON.stringify(rules))).decisions).toEqual(rules);
  });
});
