/** The files of cases by the test file that plays them; test files run side by side. */
export const GROUPS = {
  basics: [
    'check',
    'wait',
    'steps',
    'if',
    'modes',
    'inputs',
    'outputs',
    'marks',
    'always',
    'cleanup',
    'on-failure',
  ],
  people: ['approval', 'manual', 'decisions', 'pause', 'rerun'],
  flow: ['parallel', 'for-each', 'nested-loops', 'runbook', 'until', 'retry', 'window'],
  world: ['uses', 'command', 'timeout', 'accept', 'rollback'],
} as const;

/** What takes no time of its own, so that none can be over. */
export const WITHOUT_TIMEOUT: readonly string[] = [
  'check',
  'wait',
  'steps',
  'if',
  'modes',
  'inputs',
  'outputs',
  'marks',
  'pause',
  'rerun',
  'parallel',
  'forEach',
  'nested loops',
  'runbook',
  'retry',
];

/** Every construct of the language, as its cases name it. */
export const CONSTRUCTS: readonly string[] = [
  ...WITHOUT_TIMEOUT,
  'approval',
  'manual',
  'decisions',
  'uses',
  'command',
  'until',
  'timeout',
  'accept',
  'window',
  'onFailure',
  'rollback',
  'cleanup',
  'always',
];
