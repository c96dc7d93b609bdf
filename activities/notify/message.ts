import { gatePath, runPath } from '../../src/model/page-paths.ts';
import type { RunIdentity } from '../../src/model/run.ts';

/** What people are told, whatever the channel makes of it. */
export interface Message {
  /** The same when it is sent again, so that whoever gets it twice can tell. */
  readonly id: string;
  /** What happened: `notify` when a step of a runbook says it, else `gate.…`, `schedule.…`. */
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** A page that shows it. Opening it changes nothing. */
  readonly link?: string;
  readonly run?: Pick<RunIdentity, 'runId' | 'runbook' | 'mode' | 'purpose'>;
  /** The path of the gate that it is about. */
  readonly gate?: string;
}

/** What a channel says of a message that it took, when not all is well. */
export interface Delivery {
  readonly note?: string;
}

/** The page of a run, or of one of its gates. */
export function pageOf(link: string | undefined, runId: string, gate?: string): string | undefined {
  if (link === undefined) return undefined;
  return `${link}${gate === undefined ? runPath(runId) : gatePath(runId, gate)}`;
}

/** The facts of a run in one line. */
export function runLine({ run, gate }: Pick<Message, 'run' | 'gate'>): string {
  if (run === undefined) return '';
  const at = gate === undefined ? '' : `, gate ${gate}`;
  return `${run.runId} (${run.runbook}, ${run.mode}, ${run.purpose})${at}`;
}
