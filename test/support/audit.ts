import { inject, onTestFinished } from 'vitest';
import type { Control } from '../../src/control/index.ts';
import type { AuditFound } from '../../src/model/audit.ts';
import { createAuditor, type AuditAlarm, type Auditor } from '../../src/client/auditor.ts';
import { controlOn } from '../../src/stack/temporal-control.ts';
import { endsNoted } from './ends-noted.ts';
import type { Stage } from './stage.ts';

/** An auditor over what a stage has, and what it raised. */
export interface StageAuditor extends Auditor {
  readonly control: Control;
  readonly alarms: AuditAlarm[];
  /** Looks at everything that is due, as if a minute had passed. */
  lookAll(): Promise<void>;
  /** Lets time pass on its clock. */
  wait(ms: number): void;
  /** What was found of a run so far, without the places. */
  foundOf(runId: string): Promise<readonly AuditFound[]>;
}

/** Makes the auditor of a stage; its clock is a minute ahead, and one more after each look. */
export function auditorOn(stage: Stage): StageAuditor {
  let aheadMs = 60_000;
  const place = { address: inject('temporalAddress'), namespace: 'default', taskQueue: stage.taskQueue };
  const { control, close } = controlOn(place, stage.data.config);
  onTestFinished(close);
  const { stores } = stage.data;
  const alarms: AuditAlarm[] = [];
  const auditor = createAuditor({
    control,
    stores,
    onFound: (alarm) => void alarms.push(alarm),
    now: () => Date.now() + aheadMs,
  });
  return {
    ...auditor,
    control,
    alarms,
    wait(ms) {
      aheadMs += ms;
    },
    async lookAll() {
      await endsNoted({ control, stores });
      // What a run has started is due once that run was looked at.
      while ((await auditor.look()) > 0) aheadMs += 60_000;
    },
    async foundOf(runId) {
      const run = (await stores.runs.find(runId))?.firstExecutionId;
      await auditor.lookAt({ runId, ...(run !== undefined && { run }) });
      return ((await stores.audits.find(runId))?.findings ?? []).map(({ found }) => found);
    },
  };
}
