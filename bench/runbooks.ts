/** The runbooks of the bench, as text: they go the whole way that every runbook goes. */

const check = (id: string, url: string): string => `{ id: ${id}, uses: http.check, with: { url: '${url}' } }`;

function runbook(name: string, steps: readonly string[]): string {
  const lines = [
    'apiVersion: muster/v1',
    `name: ${name}`,
    'title: A runbook of the bench',
    'connections: { vro: vro }',
    'steps:',
  ];
  return `${[...lines, ...steps.map((step) => `  ${step}`)].join('\n')}\n`;
}

/** `count` checks of `url`, one after another. */
export function checksInARow(count: number, url: string): string {
  return runbook(
    'checks-in-a-row',
    upTo(count).map((index) => `- ${check(`check${index}`, url)}`),
  );
}

/** `count` readiness checks of a plan, one after another: each a command and its watch. */
export function commandsInARow(count: number, plan: string): string {
  return runbook(
    'commands-in-a-row',
    upTo(count).map(
      (index) => `- { id: command${index}, uses: vro.readinessCheck, with: { plan: ${plan} } }`,
    ),
  );
}

/** An approval beside a branch that watches a plan, and a check that begins once somebody has said yes. */
export function approvalBesideWatch(plan: string, url: string): string {
  return approvalBeside('watch', [`{ id: watch, uses: vro.readinessCheck, with: { plan: ${plan} } }`], url);
}

/** The same beside a branch of `count` checks, one after another. */
export function approvalBesideChecks(count: number, url: string): string {
  return approvalBeside(
    'checks',
    upTo(count).map((index) => check(`check${index}`, url)),
    url,
  );
}

function approvalBeside(name: string, branch: readonly string[], url: string): string {
  return runbook(`approval-beside-${name}`, [
    '- id: both',
    '  parallel:',
    '    - id: machines',
    '      steps:',
    ...branch.map((step) => `        - ${step}`),
    '    - id: people',
    '      steps:',
    "        - { id: go, approval: { title: 'Go on?', rules: [{ role: operator, count: 1 }] } }",
    `        - ${check('next', url)}`,
  ]);
}

/** `count` steps that wait for no time. */
export function waits(count: number): string {
  return runbook(
    'waits',
    upTo(count).map((index) => `- { id: wait${index}, wait: 1s }`),
  );
}

/** `count` steps in pairs: a read that may be skipped, and a check of what it found that says so. */
export function guardedChecks(count: number): string {
  return runbook(
    'guarded-checks',
    upTo(count / 2).flatMap((index) => [
      `- id: read${index}`,
      "  if: run.mode == 'live'",
      '  uses: vro.plan',
      '  with: { plan: ERP }',
      `- id: check${index}`,
      `  if: steps.read${index}.outcome == 'succeeded'`,
      `  check: steps.read${index}.output.stateName == 'Ready'`,
    ]),
  );
}

/** `count` steps of a large failover: for each plan an approval, its failover, a check until it holds, a person's word. */
export function approvedFailovers(count: number): string {
  return runbook(
    'approved-failovers',
    upTo(count / 5).flatMap((index) => [
      `- id: tier${index}`,
      '  steps:',
      `    - id: go${index}`,
      '      approval:',
      '        title: Go on?',
      `        covers: [fail${index}]`,
      '        rules: [{ role: manager, count: 2 }]',
      `    - id: fail${index}`,
      '      uses: vro.failover',
      `      with: { plan: PLAN-${index} }`,
      '      modes: [live]',
      `    - id: check${index}`,
      '      uses: http.check',
      '      with: { url: https://app.example/health }',
      '      until: { within: 5m }',
      `    - id: look${index}`,
      '      manual:',
      `        title: Look at application ${index}`,
      '        by: [operator]',
    ]),
  );
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
