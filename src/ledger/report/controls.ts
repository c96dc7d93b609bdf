/** What the evidence of muster can speak to. How each is judged: control-evidence.ts. */
export type EvidenceKind =
  /** Every runbook was drilled within its interval. */
  | 'drilled'
  /** Recovery times were measured against targets, and met. */
  | 'timed'
  /** The age of restore points was measured against targets, and met. */
  | 'aged'
  /** Runs really moved systems to the other site, or restored them. */
  | 'switched'
  /** What was recovered was checked before it was called recovered. */
  | 'checked'
  /** Drills left what they touched as it was. */
  | 'restored'
  /** People decided by the rules of the runbook, and each answer is kept. */
  | 'decided'
  /** Deficiencies have owners and dates, and are repaired in time. */
  | 'repaired'
  /** People have read a report and signed what they make of it. */
  | 'reviewed'
  /** The records are sealed, so that a change would show. */
  | 'sealed';

/** One control, with what it asks and what of it muster can show. */
export interface Control {
  readonly id: string;
  readonly framework: string;
  readonly title: string;
  /** What it asks, in our own words. */
  readonly asks: string;
  /** What of it the evidence speaks to. That is less than what it asks. */
  readonly evidence: readonly EvidenceKind[];
  /** What it asks beside that, which has to be shown otherwise. */
  readonly beyond: string;
}

const DORA = 'DORA, Regulation (EU) 2022/2554';
const RTS = 'Delegated Regulation (EU) 2024/1774';
const ISO = 'ISO 22301:2019';
const SOC = 'SOC 2, Trust Services Criteria';

/**
 * Our reading of what these ask for, in our own words and shortened. It is no legal advice and no claim of compliance: the
 * evidence speaks to a control, it does not fulfil it. Whoever relies on it reads the texts themselves.
 */
export const CONTROLS = [
  {
    id: 'DORA 11(2)',
    framework: DORA,
    title: 'Response and recovery: plans that work',
    asks: 'Arrangements, plans and procedures by which critical functions go on, damage stays small, and recovery begins without delay.',
    evidence: ['switched', 'timed', 'checked'],
    beyond: 'The policy itself, communication with staff and clients, and estimates of damage.',
  },
  {
    id: 'DORA 11(6)',
    framework: DORA,
    title: 'Testing of continuity and recovery plans',
    asks: 'The plans are tested at least once a year and after substantive changes, also against switchovers between the primary and the redundant infrastructure and against cyber-attacks.',
    evidence: ['drilled', 'switched'],
    beyond: 'Tests of crisis communication, and which changes were substantive.',
  },
  {
    id: 'DORA 11(8)',
    framework: DORA,
    title: 'Records of activities during disruptions',
    asks: 'What was done before and during a disruption is recorded and can be looked up when plans were activated.',
    evidence: ['decided', 'sealed'],
    beyond: 'What people did outside of runbooks.',
  },
  {
    id: 'DORA 12(2)',
    framework: DORA,
    title: 'Backup and restoration are tested',
    asks: 'Backup systems can be activated by the documented procedures, without harm to security, and restoration is tested periodically.',
    evidence: ['drilled', 'restored'],
    beyond: 'Jobs, retention and scope of the backups themselves.',
  },
  {
    id: 'DORA 12(6)',
    framework: DORA,
    title: 'Objectives for recovery time and recovery point',
    asks: 'Each function has objectives for how soon it is back and how much data may be lost, and reaches agreed service levels in extreme scenarios.',
    evidence: ['timed', 'aged'],
    beyond: 'Why the objectives are as they are.',
  },
  {
    id: 'DORA 12(7)',
    framework: DORA,
    title: 'Checks after recovery',
    asks: 'In a recovery, checks make sure that the integrity of data is kept at the highest level, also between systems.',
    evidence: ['checked'],
    beyond: 'What the checks of a runbook do not look at, and the reconciliation of data with others.',
  },
  {
    id: 'DORA 24(5)',
    framework: DORA,
    title: 'Issues found in tests are remedied',
    asks: 'Issues that tests reveal are ranked, classified and remedied, and it is validated that all of them are fully addressed.',
    evidence: ['repaired'],
    beyond: 'The procedures by which they are ranked.',
  },
  {
    id: 'DORA 24(6)',
    framework: DORA,
    title: 'Critical systems are tested every year',
    asks: 'Everything that supports critical or important functions is tested suitably at least once a year.',
    evidence: ['drilled'],
    beyond: 'Which functions are critical or important, and whether each has a runbook.',
  },
  {
    id: 'DORA 25(1)',
    framework: DORA,
    title: 'Kinds of tests: scenarios, end to end',
    asks: 'The testing programme has suitable tests of ICT tools and systems, such as tests by scenario and end-to-end tests.',
    evidence: ['switched', 'checked'],
    beyond: 'Vulnerability scans, reviews of source code, performance and penetration tests.',
  },
  {
    id: 'DORA 26',
    framework: DORA,
    title: 'Threat-led penetration tests',
    asks: 'Those whom the authority names are tested by threat-led penetration tests, on live production systems, at least every three years.',
    evidence: [],
    beyond: 'All of it: muster makes no penetration tests. A recovery within one is a run like any other.',
  },
  {
    id: 'RTS 2024/1774, 25',
    framework: RTS,
    title: 'How continuity plans are tested',
    asks: 'Tests follow severe but plausible scenarios, verify that functions can be run from the redundant capacity and brought back to normal, challenge assumptions, and their results are documented, analysed, addressed and reported to management.',
    evidence: ['switched', 'restored', 'repaired', 'reviewed', 'sealed'],
    beyond:
      'The choice of scenarios, tests with third parties, and whether whoever reviewed is of the management body.',
  },
  {
    id: 'RTS 2024/1774, 26',
    framework: RTS,
    title: 'Response and recovery plans',
    asks: 'Plans say when and by whom they are activated, which steps recover what, and by when, and have a way when recovery is not feasible in the short term.',
    evidence: ['decided', 'timed'],
    beyond: 'The scenarios that the plans cover, and the way in which recovery is given up.',
  },
  {
    id: 'ISO 22301 8.5 a-d',
    framework: ISO,
    title: 'Exercise programme: scenarios with aims',
    asks: 'Exercises fit the objectives of continuity, follow planned scenarios with clear aims, make people capable, and together validate the strategies over time.',
    evidence: ['drilled', 'switched', 'decided'],
    beyond: 'The training of people beyond their part in runs.',
  },
  {
    id: 'ISO 22301 8.5 e',
    framework: ISO,
    title: 'Reports after exercises',
    asks: 'Each exercise ends with a formal report of results, recommendations and actions.',
    evidence: ['timed', 'reviewed', 'sealed'],
    beyond: 'Recommendations that are no findings.',
  },
  {
    id: 'ISO 22301 8.5 f',
    framework: ISO,
    title: 'Improvement from exercises',
    asks: 'Exercises are reviewed in order to improve, and what they show is acted upon.',
    evidence: ['repaired'],
    beyond: 'Improvements that are no repair of a finding.',
  },
  {
    id: 'ISO 22301 8.5 g',
    framework: ISO,
    title: 'Exercises at planned intervals',
    asks: 'Exercises happen at planned intervals, and when something significant has changed.',
    evidence: ['drilled'],
    beyond: 'Which changes were significant.',
  },
  {
    id: 'SOC 2 A1.2',
    framework: SOC,
    title: 'Recovery infrastructure meets the availability objectives',
    asks: 'Backup processes and recovery infrastructure are designed, approved, operated and monitored so that availability objectives are met.',
    evidence: ['aged', 'decided'],
    beyond: 'Environmental protection, and the design of the infrastructure.',
  },
  {
    id: 'SOC 2 A1.3',
    framework: SOC,
    title: 'Recovery procedures are tested',
    asks: 'The procedures of the recovery plan are tested to show that systems are recovered as the objectives ask.',
    evidence: ['drilled', 'timed', 'restored', 'repaired'],
    beyond: 'Procedures that are no runbook.',
  },
] as const satisfies readonly Control[];
