import { describe, expect, it } from 'vitest';
import { canonicalText, compileRunbook } from '../../src/language/index.ts';
import { compiled } from './support.ts';

const HEAD = 'apiVersion: muster/v1\nname: a\nconnections: { vro: site, vbr: backup, one: hq }\n';
const canonical = (steps: string): string => canonicalText(compiled(`${HEAD}steps:\n${steps}`));

describe('two files that mean the same have the same canonical text', () => {
  it.each([
    ['the order of keys', '  - { id: b, title: x, wait: 1m }', '  - { wait: 1m, title: x, id: b }'],
    ['comments', '  - { id: b, wait: 1m }', '  # why\n  - { id: b, wait: 1m } # and how'],
    ['flow and block style', '  - { id: b, wait: 1m }', '  - id: b\n    wait: 1m'],
    ['quotes', '  - { id: b, title: x, wait: 1m }', `  - { id: 'b', title: "x", wait: '1m' }`],
    ['durations', '  - { id: b, wait: 1h30m }', '  - { id: b, wait: PT90M }'],
    [
      'durations of an action',
      '  - { id: b, uses: one.checkRpo, with: { target: 60m } }',
      '  - { id: b, uses: one.checkRpo, with: { target: 1h } }',
    ],
    [
      'defaults of an action',
      '  - { id: b, uses: vro.failover, with: { plan: ERP } }',
      '  - { id: b, uses: vro.failover, with: { plan: ERP, restorePoint: latest, chainedPlans: false } }',
    ],
    [
      'the timeout that an action has anyway',
      '  - { id: b, uses: vro.failover, with: { plan: ERP } }',
      '  - { id: b, uses: vro.failover, with: { plan: ERP }, timeout: 240m }',
    ],
    [
      'a title that is the summary',
      '  - { id: b, uses: vro.plan, with: { plan: ERP } }',
      '  - { id: b, title: Reads how a plan stands., uses: vro.plan, with: { plan: ERP } }',
    ],
    ['all modes', '  - { id: b, wait: 1s }', '  - { id: b, modes: [live, drill], wait: 1s }'],
    ['asking people', '  - { id: b, wait: 1s }', '  - { id: b, onFailure: pause, wait: 1s }'],
    [
      'a policy for each mode',
      '  - { id: b, onFailure: stop, wait: 1s }',
      '  - { id: b, onFailure: { live: stop, drill: stop }, wait: 1s }',
    ],
    [
      'a policy for one mode',
      '  - { id: b, onFailure: { drill: stop }, wait: 1s }',
      '  - { id: b, onFailure: { live: pause, drill: stop }, wait: 1s }',
    ],
    [
      'the defaults of retry and until',
      '  - { id: b, uses: vro.plan, with: { plan: E }, retry: { attempts: 2 }, until: { within: 1h } }',
      '  - { id: b, uses: vro.plan, with: { plan: E }, retry: { attempts: 2, factor: 1, backoff: 10s }, until: { within: 60m, every: 10s } }',
    ],
    [
      'the defaults of a window',
      "  - { id: b, wait: 1s, window: { from: '01:00', to: '02:00', timezone: UTC } }",
      "  - { id: b, wait: 1s, window: { from: '01:00', to: '02:00', timezone: UTC, missed: wait, days: [sun, mon, tue, wed, thu, fri, sat] } }",
    ],
    [
      'who decides anyway',
      '  - { id: b, wait: 1s }',
      '  - { id: b, wait: 1s }\ndecisions: { default: { role: operator, count: 1 }, skip: { role: operator, count: 1 } }',
    ],
    [
      'the order and number of exclusions',
      '  - { id: b, approval: { rules: [{ role: r, count: 1 }], exclude: [previous-approver, starter] } }',
      '  - { id: b, approval: { rules: [{ role: r, count: 1 }], exclude: [starter, previous-approver, starter] } }',
    ],
    [
      'the defaults of people',
      '  - { id: b, approval: { rules: [{ role: r, count: 1 }] } }\n  - { id: c, manual: { title: x } }',
      '  - { id: b, approval: { rules: [{ role: r, count: 1 }], covers: [], exclude: [], onTimeout: hold } }\n' +
        '  - { id: c, manual: { title: x, by: [operator], fields: {}, answers: { failed: failed, done: succeeded }, onTimeout: hold } }',
    ],
    [
      'settle, failFast and links that say nothing',
      '  - { id: b, uses: vro.undo, with: { plan: E } }\n  - { id: c, parallel: [{ id: d, wait: 1s }] }',
      '  - { id: b, uses: vro.undo, with: { plan: E }, settle: true, links: [] }\n  - { id: c, failFast: false, parallel: [{ id: d, wait: 1s }] }',
    ],
    [
      'what stands inside other steps',
      '  - { id: b, steps: [{ id: c, parallel: [{ id: d, wait: 1s }] }] }',
      '  - { id: b, steps: [{ id: c, parallel: [{ id: d, onFailure: pause, wait: 1s }] }] }',
    ],
    [
      'a rollback',
      '  - { id: b, uses: vro.undo, with: { plan: E }, rollback: { uses: vro.reset, with: { plan: E } } }',
      '  - { id: b, uses: vro.undo, with: { plan: E }, rollback: { uses: vro.reset, timeout: 30m, with: { plan: E, readinessCheck: false } } }',
    ],
  ])('%s', (_what, one, other) => {
    expect(canonical(other)).toBe(canonical(one));
  });

  it('what stands at the top', () => {
    const rest = 'steps: [{ id: b, wait: 1s }]\n';
    const one = `${HEAD}vars: { port: 1 }\n${rest}`;
    const other = `${rest}objectives: {}\noutputs: {}\ninputs: {}\ncontacts: []\ntitle: a\nvars: { port: { live: 1, drill: 1 } }\n${HEAD}`;
    expect(canonicalText(compiled(other))).toBe(canonicalText(compiled(one)));
  });
});

describe('two files that do not mean the same differ', () => {
  it.each([
    [
      'an order of steps',
      '  - { id: b, wait: 1s }\n  - { id: c, wait: 1s }',
      '  - { id: c, wait: 1s }\n  - { id: b, wait: 1s }',
    ],
    [
      'a number and a text',
      "  - { id: b, runbook: x, with: { a: '1' } }",
      '  - { id: b, runbook: x, with: { a: 1 } }',
    ],
    [
      'another value than the default',
      '  - { id: b, uses: vro.failover, with: { plan: ERP } }',
      '  - { id: b, uses: vro.failover, with: { plan: ERP, chainedPlans: true } }',
    ],
    ['a policy', '  - { id: b, wait: 1s }', '  - { id: b, onFailure: continue, wait: 1s }'],
    ['a mode', '  - { id: b, wait: 1s }', '  - { id: b, modes: [live], wait: 1s }'],
  ])('%s', (_what, one, other) => {
    const x = compiled('apiVersion: muster/v1\nname: x\nsteps: [{ id: b, wait: 1s }]\n');
    const library = { find: () => ({ runbook: x, digest: 'd' }), why: () => '' };
    const text = (steps: string): string => {
      const { runbook } = compileRunbook({ text: `${HEAD}steps:\n${steps}`, file: 'a.yaml', library });
      return runbook === undefined ? steps : canonicalText(runbook);
    };
    expect(text(other)).not.toBe(text(one));
  });

  it('a duration that expressions see as a text', () => {
    const text = (spelling: string): string =>
      canonicalText(
        compiled(
          `${HEAD}inputs: { p: { type: duration, default: ${spelling} } }\nsteps: [{ id: b, check: inputs.p == "1h" }]\n`,
        ),
      );
    expect(text('60m')).not.toBe(text('1h'));
  });
});
