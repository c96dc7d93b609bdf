import { Context } from '@temporalio/activity';
import { textOf } from '../../src/model/json.ts';
import type { NoticeInput, Noticed } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { toStepError } from '../step-error.ts';
import { findPlan, hasMoved, isForeignWork, type PlanView } from './plan-view.ts';

/**
 * Watches a plan about which people are being asked, until it moves by itself: somebody has pressed Continue, Halt or Undo
 * in VRO's own console. What VRO does on its own (its nightly check) is no such movement.
 */
export async function noticeMovement(deps: Deps, input: NoticeInput): Promise<Noticed> {
  const connection = deps.vro(input.connection);
  const signal = Context.current().cancellationSignal;
  return beating(input.path, async (say) => {
    const { id } = await findPlan(connection, textOf(input.with['plan']) ?? '', signal);
    for (;;) {
      const look = await connection.poller.next(connection, id, signal);
      if ('error' in look) {
        const { passing, message } = toStepError(look.error);
        if (!passing) throw look.error;
        say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
      } else {
        say(look.view.stateName, look.view.progress);
        if (isMoved(input, look.view)) return { stateName: look.view.stateName };
      }
    }
  });
}

function isMoved({ since }: NoticeInput, view: PlanView): boolean {
  if (view.position === 'unknown' || isForeignWork(view)) return false;
  // A halted plan that went on and halted again stands where it stood, at a later time. One that rests has nothing left
  // to do, so that a later time is that of a check.
  return since['position'] === 'halted' ? hasMoved(since, view) : view.position !== since['position'];
}
