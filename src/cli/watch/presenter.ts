import type { RunView } from '../../client/index.ts';

/** Shows a run while it goes on. */
export interface Presenter {
  /** The run as it stands now. `isChanged` is false when only time has passed. */
  look(view: RunView, isChanged: boolean): void;
  /** The run cannot be seen for the moment. */
  lost(message: string, sinceMs: number): void;
  /** A line from elsewhere, which must not disturb the picture. */
  note(line: string): void;
  /** The run is over. */
  over(view: RunView): void;
  /** Watching ends while the run goes on. `view` is the last that was seen. */
  leave(view: RunView | undefined): void;
}
