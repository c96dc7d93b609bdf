import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Runs that tell the ledger nothing, neither by an activity nor with a command: what it costs is the difference. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) =>
        input.activityType === 'muster.record'
          ? Promise.resolve(undefined)
          : next({ ...input, args: input.args.map(withoutNotes) }),
    },
  ],
});

function withoutNotes(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('notes' in input)) return input;
  return { ...input, notes: [] };
}
