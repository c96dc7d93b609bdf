import type { DoctorReport } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { TemporalPlace } from '../temporal-place.ts';
import { StackError } from '../stack-error.ts';
import { examineConnection } from './connection.ts';
import { channelLines } from './channels.ts';
import { databaseLine } from './database.ts';
import { worst } from './lines.ts';
import { dataLine, temporalLine } from './own.ts';
import { startProgress } from './progress.ts';

export interface ExamineOptions {
  /** Names of the connections to look at, and nothing else. Absent or empty: everything. */
  readonly connections?: readonly string[];
  /** What muster itself works with; absent: not looked at. */
  readonly own?: {
    readonly temporal: TemporalPlace | undefined;
    readonly dataDir: string;
    /** `DATABASE_URL`; absent: the one in the data folder. */
    readonly databaseUrl?: string | undefined;
  };
  readonly signal?: AbortSignal;
  /** Lines for people, when it takes long. */
  readonly onProgress?: (line: string) => void;
  /** How often `onProgress` hears something, in milliseconds. Default 2,000. */
  readonly progressMs?: number;
}

/**
 * Looks whether muster reaches its servers, as whom and with which rights. All connections at a time; what fails is a
 * line of the report. Only reads are sent, and what is logged into is logged out of.
 *
 * @throws StackError `stack.connectionUnknown` before anything is sent, `stack.cancelled` when the signal was given
 */
export async function examine(
  config: Config,
  {
    connections = [],
    own,
    signal = new AbortController().signal,
    onProgress = () => undefined,
    progressMs,
  }: ExamineOptions = {},
): Promise<DoctorReport> {
  const chosen = connections.length === 0 ? [...config.connections.values()] : choose(config, connections);
  const progress = startProgress(onProgress, progressMs);
  try {
    const [examined, ownLines] = await Promise.all([
      Promise.all(
        chosen.map((connection) => {
          const { name } = connection;
          return examineConnection(config, connection, {
            signal,
            noting: (check) => progress.noting(name, check),
          }).finally(() => progress.done(name));
        }),
      ),
      own === undefined || connections.length > 0
        ? []
        : Promise.all([
            temporalLine(config, own.temporal, { signal }),
            databaseLine(own),
            dataLine(own.dataDir),
            channelLines(config, own),
          ]).then((lines) => lines.flat()),
    ]);
    if (signal.aborted) throw new StackError('stack.cancelled', 'The examination was stopped.');
    const level = worst([...examined, ...ownLines].map((each) => each.level));
    return { level, connections: examined, own: ownLines };
  } finally {
    progress.stop();
  }
}

function choose({ connections }: Config, names: readonly string[]): ConnectionConfig[] {
  return [...new Set(names)].map((name) => {
    const found = connections.get(name);
    if (found !== undefined) return found;
    const known = [...connections.keys()];
    const hint = didYouMean(name, known) ?? `It has ${known.length === 0 ? 'none' : known.join(', ')}.`;
    throw new StackError('stack.connectionUnknown', `muster.yaml has no connection "${name}". ${hint}`);
  });
}
