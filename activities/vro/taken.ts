import type { Accepted } from '../../src/veeam/index.ts';
import { StepError } from '../step-error.ts';

/** A yes with a no in it: only the plan itself can tell what became of it. @throws StepError `veeam.rejected` */
export function assertTaken(connection: string, { success }: Accepted): void {
  if (success === false) throw new StepError('veeam.rejected', `${connection} answered "success": false.`);
}
