import type { Objectives } from '../../model/runbook.ts';
import type { Reporter } from '../diagnostics.ts';
import type { Entry } from '../yaml/tree.ts';
import { openMap } from './fields.ts';
import { readDuration } from './values.ts';
import { OBJECTIVES } from './vocabulary.ts';

/** Reads what was promised to the business. */
export function readObjectives(entry: Entry | undefined, report: Reporter): Objectives | undefined {
  const fields = entry && openMap(entry.value, OBJECTIVES, report);
  if (fields === undefined) return undefined;
  const read = (key: 'rto' | 'rpo' | 'drillEvery'): number | undefined => {
    const node = fields.get(key)?.value;
    return node && readDuration(node, report, `\`${key}\``);
  };
  const [rtoMs, rpoMs, drillEveryMs] = [read('rto'), read('rpo'), read('drillEvery')];
  return {
    ...(rtoMs === undefined ? {} : { rtoMs }),
    ...(rpoMs === undefined ? {} : { rpoMs }),
    ...(drillEveryMs === undefined ? {} : { drillEveryMs }),
  };
}
