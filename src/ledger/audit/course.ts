import type { AuditFinding } from '../../model/audit.ts';
import { isJsonObject, textOf, type JsonObject } from '../../model/json.ts';
import type { LedgerEntry, LedgerKind } from '../../model/ledger-entry.ts';
import { payloadAt, typeName, within, type HistoryEvent } from './events.ts';

type Entry<Kind extends LedgerKind> = Extract<LedgerEntry, { readonly kind: Kind }>;

/** What the history of a run says it did, and what the ledger has of it. */
export interface Course {
  readonly events: readonly HistoryEvent[];
  /** Those of the executions that tell the ledger what they do: a run from before the ledger tells it once it continues as new. */
  readonly told: readonly HistoryEvent[];
  /** Whether the first execution does. */
  readonly isStartTold: boolean;
  readonly entries: readonly LedgerEntry[];
  /** Whether all of the history is there, so that everything in the ledger has to be in it. */
  readonly isWhole: boolean;
}

const GATE_OPENERS = ['muster.openGate', 'muster.recheckGate'];
const RESOLVER = 'muster.resolveCommand';
/** What was sent, or found to have been. */
const HAPPENED: readonly unknown[] = ['done', 'adopted'];

/** What is in the history and not in the ledger, or the other way round. */
export function courseFindings({
  events,
  told,
  isStartTold,
  entries,
  isWhole,
}: Course): readonly AuditFinding[] {
  const done = activitiesOf(told);
  const missing = [
    ...commandsWithout(done, entries),
    ...gatesWithout(done, entries),
    ...stepsWithout(done, entries),
    ...endsWithout({ told, isStartTold, entries }),
  ];
  return isWhole ? [...missing, ...entriesWithout(activitiesOf(events), entries)] : missing;
}

/** An activity that was scheduled. */
interface Done {
  readonly name: string;
  readonly input: JsonObject;
  /** What it answered; absent while it has not, or when it failed. */
  readonly result?: unknown;
}

function activitiesOf(events: readonly HistoryEvent[]): readonly Done[] {
  const results = new Map(
    events.flatMap(({ type, facts, executionId }) =>
      type === 'ACTIVITY_TASK_COMPLETED'
        ? [
            [
              `${executionId}/${textOf(facts['scheduledEventId']) ?? '?'}`,
              payloadAt(facts, 'result'),
            ] as const,
          ]
        : [],
    ),
  );
  return events.flatMap(({ type, facts, executionId, id }) => {
    if (type !== 'ACTIVITY_TASK_SCHEDULED') return [];
    const input = payloadAt(facts, 'input');
    const result = results.get(`${executionId}/${id}`);
    return [
      {
        name: typeName(facts, 'activityType'),
        input: isJsonObject(input) ? input : {},
        ...(result === undefined ? {} : { result }),
      },
    ];
  });
}

/** A command that took effect has an intent, and what became of it. */
function commandsWithout(done: readonly Done[], entries: readonly LedgerEntry[]): readonly AuditFinding[] {
  const intents = new Set(ofKind(entries, 'intent').map(attemptOf));
  const effects = new Set(
    ofKind(entries, 'effect').flatMap((entry) => (HAPPENED.includes(entry.how) ? [attemptOf(entry)] : [])),
  );
  return done.flatMap(({ name, input, result }): AuditFinding[] => {
    const isCommand =
      isJsonObject(result) && typeof result['target'] === 'string' && HAPPENED.includes(result['how']);
    if (!isCommand) return [];
    const where = attemptOf(input);
    const what = name === RESOLVER ? (textOf(input['action']) ?? name) : name;
    if (!intents.has(where)) {
      const says = `${what} was done at ${where}, and the ledger has no intent of it.`;
      return [{ found: 'effectWithoutIntent', where, says }];
    }
    if (effects.has(where)) return [];
    return [
      {
        found: 'gap',
        where: `${where}/effect`,
        says: `What became of ${what} at ${where} is not in the ledger.`,
      },
    ];
  });
}

function gatesWithout(done: readonly Done[], entries: readonly LedgerEntry[]): readonly AuditFinding[] {
  const opened = new Set(ofKind(entries, 'gate.opened').map(({ nonce }) => nonce));
  return done.flatMap(({ name, input, result }): AuditFinding[] => {
    if (!GATE_OPENERS.includes(name) || !isJsonObject(result)) return [];
    const nonce = textOf(result['nonce']) ?? textOf(within(result, 'opened')['nonce']);
    if (nonce === undefined || opened.has(nonce)) return [];
    const path = textOf(input['path']) ?? '?';
    return [
      {
        found: 'gap',
        where: `gate/${nonce}`,
        says: `The gate at ${path} was opened, and the ledger does not have it.`,
      },
    ];
  });
}

/** Once a run has ended by itself, every step that did something has an end. */
function stepsWithout(done: readonly Done[], entries: readonly LedgerEntry[]): readonly AuditFinding[] {
  if (ofKind(entries, 'run.ended').length === 0) return [];
  const ended = new Set(ofKind(entries, 'step.ended').map(({ path }) => path));
  const did = new Set(
    done.flatMap(({ input }) =>
      textOf(input['action']) === undefined ? [] : [textOf(input['path']) ?? '?'],
    ),
  );
  return [...did].flatMap((path): AuditFinding[] =>
    ended.has(path)
      ? []
      : [
          {
            found: 'stepUnrecorded',
            where: path,
            says: `The step ${path} was begun, and the ledger has no end of it.`,
          },
        ],
  );
}

/** A run that came to its end says so in the ledger, as it began. */
function endsWithout({
  told: events,
  isStartTold,
  entries,
}: Pick<Course, 'told' | 'isStartTold' | 'entries'>): readonly AuditFinding[] {
  const [started] = ofKind(entries, 'run.started');
  const [ended] = ofKind(entries, 'run.ended');
  const over = events.find(({ type }) => type === 'WORKFLOW_EXECUTION_COMPLETED');
  const broken = events.find(({ type }) => type === 'WORKFLOW_EXECUTION_FAILED');
  const result = over === undefined ? undefined : payloadAt(over.facts, 'result');
  const outcome = isJsonObject(result) ? textOf(result['outcome']) : undefined;
  const findings: AuditFinding[] = [];
  const gap = (where: string, says: string): void => void findings.push({ found: 'gap', where, says });
  if (broken !== undefined) gap('run/broken', 'The run broke off with an error of its own.');
  if (over === undefined) return findings;
  if (started === undefined && isStartTold) {
    gap('run/started', 'The ledger does not have that the run began.');
  }
  if (ended === undefined) gap('run/ended', 'The ledger does not have that the run ended.');
  else if (ended.outcome !== outcome) {
    gap('run/outcome', `The run ended as ${outcome ?? '?'}, and the ledger has ${ended.outcome}.`);
  }
  return findings;
}

/** What the ledger says was done, and no history shows. */
function entriesWithout(done: readonly Done[], entries: readonly LedgerEntry[]): readonly AuditFinding[] {
  const gates = new Set(
    done.flatMap(({ name, input }) => (GATE_OPENERS.includes(name) ? [textOf(input['path'])] : [])),
  );
  return [
    ...intentsWithout(done, entries),
    ...ofKind(entries, 'gate.opened').flatMap(({ path, nonce }): AuditFinding[] =>
      gates.has(path)
        ? []
        : [
            {
              found: 'entryWithoutEvent',
              where: `gate/${nonce}`,
              says: `The ledger has a gate at ${path}, and no history of the run shows it.`,
            },
          ],
    ),
  ];
}

/** Each time that a command is tried is an activity, and enters one intent at most. */
function intentsWithout(done: readonly Done[], entries: readonly LedgerEntry[]): readonly AuditFinding[] {
  const tried = counted(done.map(({ name, input }) => `${attemptOf(input)} ${name}`));
  const intents = ofKind(entries, 'intent');
  const entered = counted(intents.map((entry) => `${attemptOf(entry)} ${entry.action}`));
  const firsts = new Map(intents.map((entry) => [`${attemptOf(entry)} ${entry.action}`, entry]));
  return [...firsts].flatMap(([name, entry]): AuditFinding[] => {
    const [has, shown] = [entered.get(name) ?? 0, tried.get(name) ?? 0];
    if (has <= shown) return [];
    const at = attemptOf(entry);
    const says = `The ledger has ${has === 1 ? 'an intent' : `${has} intents`} of ${entry.action} at ${at}, and the histories of the run show ${shown === 0 ? 'none' : String(shown)}.`;
    return [{ found: 'entryWithoutEvent', where: `${at}/${entry.action}`, says }];
  });
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function attemptOf({ path, attempt }: { readonly path?: unknown; readonly attempt?: unknown }): string {
  return `${textOf(path) ?? '?'}/${typeof attempt === 'number' ? attempt : '?'}`;
}

function ofKind<Kind extends LedgerKind>(
  entries: readonly LedgerEntry[],
  kind: Kind,
): readonly Entry<Kind>[] {
  return entries.filter((entry): entry is Entry<Kind> => entry.kind === kind);
}
