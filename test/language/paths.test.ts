import { describe, expect, it } from 'vitest';
import { compileRunbook, type Diagnostic } from '../../src/language/index.ts';
import { brief, start, withSteps } from './support.ts';

const PLAN = 'with: { plan: "${{ inputs.plan }}" }';
const over = (more = ''): string => `- { id: over, uses: vro.failover, ${PLAN}${more} }\n`;
const UNDO = `- { id: undo, uses: vro.undo, ${PLAN} }\n`;
const RULES = 'rules: [{ role: r, count: 1 }]';

function found(text: string, code: string): readonly Diagnostic[] {
  return compileRunbook({ text, file: 'test.yaml' }).diagnostics.filter((one) => one.code === code);
}

describe('a step that never runs', () => {
  it.each([
    [
      'has a condition that is never true',
      '- { id: a, if: false, wait: 1s }',
      ['UNREACHABLE 6:9'],
      'never true',
    ],
    ['has one that comes to that', '- { id: a, if: 1 > 2, wait: 1s }', ['UNREACHABLE 6:9'], 'never true'],
    [
      'stands in a step for another mode',
      '- { id: b, modes: [live], steps: [{ id: a, modes: [drill], wait: 1s }] }',
      ['UNREACHABLE 6:41'],
      'It is for drill runs, and stands in a step for live runs.',
    ],
    [
      'asks for another mode than its own',
      `- { id: a, modes: [live], if: run.mode == "drill", wait: 1s }`,
      ['UNREACHABLE 6:9'],
      'different modes',
    ],
    [
      'stands behind the end',
      '- { id: e, check: false, onFailure: stop }\n- { id: a, wait: 1s }\n- { id: b, wait: 1s }',
      ['UNREACHABLE 7:9'],
      'never gets beyond `e`',
    ],
    [
      'cleans up live runs',
      '- { id: s, wait: 1s }\ncleanup: [{ id: a, modes: [live], wait: 1s }]',
      ['UNREACHABLE 7:17'],
      'Cleanup belongs to drills',
    ],
    [
      'has others in it',
      '- { id: b, if: false, steps: [{ id: a, wait: 1s }] }',
      ['UNREACHABLE 6:9'],
      'never true',
    ],
  ])('%s', (_, steps, at, message) => {
    const diagnostics = found(withSteps(steps), 'UNREACHABLE');
    expect(brief(diagnostics)).toEqual(at);
    expect(diagnostics[0]?.message).toContain(message);
  });

  it.each([
    ['a check that people may pass', '- { id: e, check: false }\n- { id: a, wait: 1s }'],
    ['what always comes', '- { id: e, check: false, onFailure: stop }\nalways: [{ id: a, wait: 1s }]'],
    [
      'another branch',
      '- { id: p, parallel: [{ id: e, check: false, onFailure: stop }, { id: a, wait: 1s }] }',
    ],
    ['a condition of the run', '- { id: a, if: inputs.count > 1, wait: 1s }'],
    [
      'steps for both modes',
      '- { id: b, modes: [drill, live], steps: [{ id: a, modes: [drill], wait: 1s }] }',
    ],
  ])('is not: behind %s', (_, steps) => {
    expect(found(withSteps(steps), 'UNREACHABLE')).toEqual([]);
  });
});

describe('a drill that moves machines', () => {
  it.each([
    ['has nothing that brings them back', over(), 1],
    ['has cleanup', `${over()}cleanup:\n${UNDO}`, 0],
    ['has a rollback', over(`, rollback: { uses: vro.undo, ${PLAN} }`), 0],
    ['is no drill', over(', modes: [live]'), 0],
    ['only checks', `- { id: r, uses: vro.readinessCheck, ${PLAN} }\n`, 0],
    ['moves replicas', '- { id: r, uses: vbr.failover, with: { replicas: [a] } }\n', 1],
    ['cleans up nothing', `${over()}cleanup: [{ id: w, wait: 1s }]\n`, 1],
  ])('%s', (_, steps, count) => {
    expect(found(withSteps(steps), 'CLEANUP_MISSING')).toHaveLength(count);
  });
});

describe('a live command that no approval covers', () => {
  const go = (covers: string, more = ''): string =>
    `- { id: go, approval: { covers: [${covers}], ${RULES} }${more} }\n`;
  it.each([
    ['stands behind one that covers another', go('over') + over() + UNDO, ['COVER_MISSING 8:9']],
    ['is covered', go('over, undo') + over() + UNDO, []],
    ['is left to the start, where there is no approval', over() + UNDO, []],
    ['belongs to drills', `${go('over')}${over()}cleanup:\n${UNDO}`, []],
    ['has an approval of drills only', go('over', ', modes: [drill]') + over() + UNDO, []],
  ])('%s', (_, steps, expected) => {
    expect(brief(found(withSteps(steps), 'COVER_MISSING'))).toEqual(expected);
  });
});

describe('an objective', () => {
  it.each([
    ['needs a mark', '{ rto: 2h }', '- { id: a, wait: 1s }', 1],
    ['has a mark', '{ rto: 2h }', '- { id: a, wait: 1s, marks: { recovered: ERP } }', 0],
    ['is not met by what is lost', '{ rto: 2h }', '- { id: a, wait: 1s, marks: { lost: ERP } }', 1],
    ['of another kind needs none', '{ rpo: 15m }', '- { id: a, wait: 1s }', 0],
  ])('%s', (_, objectives, steps, count) => {
    const text = `objectives: ${objectives}\n${withSteps(steps)}`;
    expect(found(text, 'OBJECTIVE_UNMARKED')).toHaveLength(count);
  });
});

describe('people that are asked', () => {
  const rolesOf = new Map([
    ['ada', ['dr-manager', 'app-owner']],
    ['grace', ['dr-manager']],
  ]);
  const errors = (steps: string, starter?: string): string[] =>
    brief(
      start(withSteps(steps), {
        mode: 'live',
        inputs: { plan: 'ERP', count: 1 },
        rules: { rolesOf },
        ...(starter === undefined ? {} : { starter }),
      }).diagnostics,
    );
  const go = (rules: string): string => `- { id: go, approval: { rules: [${rules}], exclude: [starter] } }`;

  it.each([
    [
      'one who starts the run and may not answer',
      go('{ role: app-owner, count: 1 }'),
      'ada',
      ['ROLE_UNSATISFIABLE 6:9'],
    ],
    ['one, when somebody else starts it', go('{ role: app-owner, count: 1 }'), 'grace', []],
    ['two, of whom one starts it', go('{ role: dr-manager, count: 2 }'), 'grace', ['ROLE_UNSATISFIABLE 6:9']],
    [
      'one person for two rules',
      '- { id: go, approval: { rules: [{ role: app-owner, count: 1 }, { people: [ada], count: 1 }] } }',
      undefined,
      ['ROLE_UNSATISFIABLE 6:9'],
    ],
    [
      'two people for two rules',
      '- { id: go, approval: { rules: [{ role: app-owner, count: 1 }, { role: dr-manager, count: 1 }] } }',
      undefined,
      [],
    ],
    [
      'nobody for a task',
      '- { id: m, manual: { title: Look, by: [nurse] } }',
      undefined,
      ['ROLE_UNSATISFIABLE 6:9'],
    ],
    [
      'one of two roles for a task',
      '- { id: m, manual: { title: Look, by: [nurse, app-owner] } }',
      undefined,
      [],
    ],
  ])('are enough or not: %s', (_, steps, starter, expected) => {
    expect(errors(steps, starter)).toEqual(expected);
  });
});
