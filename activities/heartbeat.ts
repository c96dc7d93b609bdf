import { Context } from '@temporalio/activity';

/** Often enough that a heartbeat time-out of ten seconds never strikes a living worker. */
const BEAT_MS = 1_000;

/** What a running step says of itself; `describe` shows it live without any history. */
export interface Progress {
  readonly path: string;
  readonly says: string;
  readonly percent?: number;
}

/** Beats while `work` runs, with what it last said; cancellation reaches the activity with the answers. */
export async function beating<T>(
  path: string,
  work: (say: (says: string, percent?: number) => void) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let progress: Progress = { path, says: '' };
  context.heartbeat(progress);
  const timer = setInterval(() => {
    context.heartbeat(progress);
  }, BEAT_MS);
  try {
    return await work((says, percent) => {
      progress = { path, says, ...(percent === undefined ? {} : { percent }) };
      context.heartbeat(progress);
    });
  } finally {
    clearInterval(timer);
  }
}
