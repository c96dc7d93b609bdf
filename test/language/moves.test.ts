import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRunbook, type Diagnostic } from '../../src/language/index.ts';

const HEAD = `apiVersion: muster/v1
name: test
connections: { vro: dr-site }
inputs: { sure: { type: boolean, default: true }, back: { type: boolean, default: false } }
`;

/** A step on the plan ERP. */
function on(id: string, action: string, more = ''): string {
  return `- { id: ${id}, uses: vro.${action}, with: { plan: ERP }${more === '' ? '' : `, ${more}`} }\n`;
}

const OVER = on('over', 'failover');
const HOME = on('home', 'failback');
const COMMIT = on('commit', 'commitFailback');
const CLEAN = `cleanup:\n${on('undo', 'undo')}${on('reset', 'reset')}${on('enable', 'enable')}`;
const LIVE = 'modes: [live]';

function movesIn(steps: string): Diagnostic[] {
  const { diagnostics } = compileRunbook({ text: `${HEAD}steps:\n${steps}`, file: 'test.yaml' });
  return diagnostics.filter(({ code }) => code === 'ILLEGAL_MOVE');
}

/** The severity, the step pointed at, and the first clause, which is the counter-example. */
function briefly(steps: string): string[] {
  return movesIn(steps).map(({ severity, message, sourceLine = '' }) => {
    const [, id = ''] = /id: (\w+)/.exec(sourceLine) ?? [];
    return `${severity} ${id}: ${message.split(';')[0] ?? ''}`;
  });
}

describe('a planted error is found', () => {
  it.each<readonly [string, string, string]>([
    [
      'failback without a failover',
      on('ready', 'readinessCheck') + HOME,
      'error home: After `ready`, `home` would meet the plan ERP in default',
    ],
    [
      'commit before failback',
      OVER + COMMIT,
      'warning commit: After `over`, `commit` would meet the plan ERP in failover',
    ],
    [
      'a failback that may be skipped before its commit',
      on('over', 'prepareFailback', LIVE) +
        on('switch', 'switchover', `${LIVE}, if: inputs.sure`) +
        on('commit', 'commitFailback', LIVE),
      'warning commit: When `switch` is skipped, `commit` would meet the plan ERP in prepareToFailback',
    ],
    [
      'a failover that may be skipped before the failback',
      on('over', 'failover', 'if: inputs.sure') + HOME,
      'warning home: When `over` is skipped, `home` would meet the plan ERP in default',
    ],
    [
      'failover of a plan that was disabled',
      on('off', 'disable') + OVER,
      'warning over: After `off`, `over` would meet the plan ERP in default, but disabled',
    ],
    [
      'failover of a plan that a reset has disabled',
      on('reset', 'reset') + OVER,
      'warning over: After `reset`, `over` would meet the plan ERP in default, but disabled',
    ],
    [
      'undo after a permanent failover',
      OVER + on('forever', 'permanentFailover', LIVE) + on('undo', 'undo', LIVE),
      'warning undo: After `forever`, `undo` would meet the plan ERP in permanent',
    ],
    [
      'failback after a permanent failover',
      on('forever', 'permanentFailover', LIVE) + on('home', 'failback', LIVE),
      'error home: After `forever`, `home` would meet the plan ERP in permanent',
    ],
    [
      'enabling before the reset',
      on('home', 'failback', LIVE) +
        on('commit', 'commitFailback', LIVE) +
        on('enable', 'enable', LIVE) +
        on('reset', 'reset', LIVE),
      'error enable: After `commit`, `enable` would meet the plan ERP in committed',
    ],
    [
      'a readiness check of a plan that is failed over',
      OVER + on('ready', 'readinessCheck'),
      'warning ready: After `over`, `ready` would meet the plan ERP in failover',
    ],
    [
      'a switchover that nothing has prepared',
      OVER + on('switch', 'switchover'),
      'warning switch: After `over`, `switch` would meet the plan ERP in failover',
    ],
    [
      'a second failover in a drill',
      on('over', 'failover', 'modes: [drill]') + on('again', 'failover', 'modes: [drill]') + CLEAN,
      'warning again: After `over`, `again` would meet the plan ERP in failover',
    ],
    [
      'a commit after a failback that was undone',
      HOME + on('undo', 'undo') + COMMIT,
      'error commit: After `undo`, `commit` would meet the plan ERP in failover',
    ],
    [
      'a failover that may fail, and a failback all the same',
      on('over', 'failover', 'onFailure: continue') + HOME,
      'warning home: When `over` fails, `home` would meet the plan ERP in default',
    ],
    [
      'cleanup that enables a plan without a reset',
      `${OVER}cleanup:\n${on('undo', 'undo')}${on('enable', 'enable')}`,
      'warning enable: After `undo`, `enable` would meet the plan ERP in undone',
    ],
    [
      'cleanup that fits no end at all',
      `${OVER}${HOME}cleanup:\n${on('forever', 'permanentFailover')}`,
      'warning forever: After `home`, `forever` would meet the plan ERP in failback',
    ],
    [
      'cleanup that nothing but the whole run leads to',
      `${OVER}${on('undo', 'undo')}${on('reset', 'reset')}cleanup:\n${on('enable', 'enable')}`,
      'warning enable: When the run ends after `over`, `enable` would meet the plan ERP in failover',
    ],
    [
      'a rollback of what cannot be undone any more',
      on('over', 'failover', `${LIVE}, rollback: { uses: vro.undo, with: { plan: ERP } }`) +
        on('forever', 'permanentFailover', LIVE) +
        `- { id: works, check: inputs.sure, ${LIVE}, onFailure: rollback }\n`,
      'warning over: After `forever`, taking `over` back would meet the plan ERP in permanent',
    ],
    [
      'what follows a command that is not watched',
      on('over', 'failover', 'settle: false') + HOME,
      'warning home: After `over`, `home` would meet the plan ERP in active',
    ],
    [
      'an error in a block, and only in one mode',
      `- id: block\n  steps:\n    ${on('over', 'failover', 'modes: [drill]')}    ${on('ready', 'readinessCheck')}${CLEAN}`,
      'warning ready: In a drill run, after `over`, `ready` would meet the plan ERP in failover',
    ],
    [
      'a restore after a failover',
      OVER + on('restore', 'restore'),
      'warning restore: After `over`, `restore` would meet the plan ERP in failover',
    ],
    [
      'the same plan for each item of a list',
      '- id: each\n' +
        '  forEach: { items: "${{ [1, 2] }}", as: one, key: "${{ one }}" }\n' +
        `  steps:\n    ${on('over', 'failover', 'modes: [drill]')}${CLEAN}`,
      'warning over: After `over`, `over` would meet the plan ERP in failover',
    ],
    [
      'a plan that an item names',
      '- id: each\n' +
        '  forEach: { items: "${{ [\'a\', \'b\'] }}", as: one, key: "${{ one }}" }\n' +
        '  steps:\n' +
        '    - { id: over, uses: vro.failover, with: { plan: "${{ one }}" } }\n' +
        '    - { id: commit, uses: vro.commitFailback, with: { plan: "${{ one }}" } }\n',
      'warning commit: After `over`, `commit` would meet the plan `one` in failover',
    ],
  ])('%s', (_, steps, expected) => {
    expect(briefly(steps)).toEqual([expected]);
  });

  it('says where the action is legal, how sure that is, and what to do', () => {
    const [found] = movesIn(on('over', 'failover', 'if: inputs.sure') + HOME);
    expect(found?.message).toMatch(/`vro\.failback` is legal only in failover \(confidence A\)\.$/);
    expect(found?.hint).toBe('Give both steps the same `if`.');
  });
});

describe('nothing is said of', () => {
  it.each([
    ['the way there and back', OVER + HOME + on('undo', 'undo') + on('back', 'undo')],
    [
      'a failback alone, which begins failed over',
      HOME + COMMIT + on('reset', 'reset') + on('enable', 'enable'),
    ],
    [
      'steps that share a condition',
      on('over', 'failover', 'if: inputs.sure') + on('home', 'failback', 'if: inputs.sure'),
    ],
    [
      'steps that exclude each other',
      on('over', 'failover', 'if: "!inputs.back"') + on('home', 'failback', 'if: inputs.back'),
    ],
    [
      'a step that asks how the one before came out',
      on('over', 'failover', 'onFailure: continue') +
        on('home', 'failback', `if: 'steps.over.outcome == "succeeded"'`),
    ],
    [
      'a check that asks how the step before came out',
      on('over', 'failover', 'onFailure: continue') +
        `- { id: fine, check: 'steps.over.outcome == "succeeded"' }\n` +
        HOME,
    ],
    ['a step that may fail by its own word', OVER + on('ready', 'readinessCheck', 'onFailure: continue')],
    ['cleanup of everything, after any step', OVER + HOME + CLEAN],
    [
      'a second failover of a live run, which finds it done',
      on('over', 'failover', LIVE) + on('again', 'failover', LIVE),
    ],
    [
      'a command that is watched in a step of its own',
      on('over', 'failover', 'settle: false') + on('rest', 'waitUntilStable') + HOME,
    ],
    [
      'a plan that goes another way in each mode',
      on('over', 'failover', 'modes: [drill]') + on('home', 'failback', LIVE) + CLEAN,
    ],
    ['two plans', `${OVER}- { id: ready, uses: vro.readinessCheck, with: { plan: CRM } }\n`],
    [
      'a rollback that is done in time',
      on('over', 'failover', 'rollback: { uses: vro.undo, with: { plan: ERP } }') +
        '- { id: works, check: inputs.sure, onFailure: rollback }\n',
    ],
    [
      'what goes on with a plan that halted',
      on('over', 'failover', 'onFailure: continue') +
        on('proceed', 'continue', 'if: steps.over.outcome == "failed", onFailure: continue').replace(
          '{ plan: ERP }',
          '{ plan: ERP, option: RetryFailedStep }',
        ),
    ],
  ])('%s', (_, steps) => {
    expect(briefly(steps)).toEqual([]);
  });

  const folder = join(import.meta.dirname, '..', '..', 'runbooks');
  const shipped = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  it.each(shipped)('%s, which ships', (file) => {
    const { diagnostics } = compileRunbook({ text: readFileSync(join(folder, file), 'utf8'), file });
    expect(diagnostics).toEqual([]);
  });
});

describe('what is certain', () => {
  it('is an error, when it is so on every path', () => {
    expect(
      movesIn(HOME + HOME.replace('home', 'again').replace('{ plan: ERP }', '{ plan: ERP }')).length,
    ).toBe(1);
  });

  it('is a warning behind a step that people do, for they may move the plan', () => {
    const manual = '- { id: look, manual: { title: Commit it in VRO } }\n';
    const [found] = movesIn(on('forever', 'permanentFailover', LIVE) + manual + on('home', 'failback', LIVE));
    expect(found?.severity).toBe('warning');
  });
});

it('is no error behind a command that may have found its goal reached', () => {
  const text = `${HEAD}steps:\n${on('undo', 'undo')}${on('enable', 'enable')}`;
  const { diagnostics } = compileRunbook({ text, file: 'test.yaml' });
  const moves = diagnostics.filter(({ code }) => code === 'ILLEGAL_MOVE');
  expect(moves.map(({ severity }) => severity)).toEqual(['warning']);
});
