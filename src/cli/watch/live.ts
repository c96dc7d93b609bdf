import { createLogUpdate } from 'log-update';
import { formatDuration } from '../../model/duration.ts';
import type { RunView } from '../../client/index.ts';
import type { CliContext } from '../context.ts';
import { plain, print } from '../output.ts';
import { finalLines } from '../render/final.ts';
import { inert, inertValue } from '../render/inert.ts';
import { styled } from '../render/style.ts';
import { picture } from '../render/tree.ts';
import type { Presenter } from './presenter.ts';
import { leaveLine } from './leave.ts';

const PLAIN_WIDTH = 80;
const PLAIN_HEIGHT = 24;

/** A picture that is drawn again and again in its place, and the final timeline under it. */
export function livePresenter(context: CliContext): Presenter {
  const { stdout, colour, program, now } = context;
  const draw = createLogUpdate(stdout);
  let last: readonly string[] = [];
  const show = (lines: readonly string[]): void => {
    const text = lines.join('\n');
    draw(colour ? text : plain(text));
  };
  return {
    look(view) {
      const { columns = PLAIN_WIDTH, rows = PLAIN_HEIGHT } = stdout;
      last = picture(inertValue(view), { program, now: now(), columns, rows });
      show(last);
    },
    lost(message, sinceMs) {
      const notice = `Not seen for ${formatDuration(sinceMs)}: ${inert(message)} Trying again.`;
      show([...last, styled('yellow', notice)]);
    },
    note(line) {
      draw.persist(colour ? line : plain(line));
      show(last);
    },
    over(view: RunView) {
      draw.clear();
      draw.done();
      print(context, finalLines(inertValue(view)).join('\n'));
    },
    leave(view) {
      draw.done();
      print(context, leaveLine(context, view));
    },
  };
}
