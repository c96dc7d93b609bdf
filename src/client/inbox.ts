import { mayDo } from '../identity/index.ts';
import { rolesFor, type Actor } from '../model/actor.ts';
import type { ApprovalRule } from '../model/runbook.ts';
import type { GateStore } from '../store/index.ts';
import type { InboxGate } from './muster.ts';
import { subjectOfKept } from './subject.ts';

/** See Muster.inbox. */
export async function inboxOf({
  gates,
  actor,
}: {
  readonly gates: Pick<GateStore, 'listOpen'>;
  readonly actor: Actor;
}): Promise<readonly InboxGate[]> {
  const open = await gates.listOpen();
  return open.flatMap((kept): InboxGate[] => {
    const { runbook, gate } = subjectOfKept(kept);
    if (!mayDo(actor, 'run.show', { runbook })) return [];
    const { runId, path, kind, title, openedAt, dueAt } = kept;
    const action = kind === 'decision' ? 'run.decide' : 'gate.vote';
    const isMine =
      mayDo(actor, action, { runbook }) &&
      gate.policy.rules.some((rule) => couldFill(actor, rule, runbook)) &&
      !(gate.policy.exclude.includes('starter') && gate.policy.starter === actor.person);
    return [
      {
        runId,
        runbook,
        gate: path,
        kind,
        title,
        openedAt,
        ...(dueAt === undefined ? {} : { dueAt }),
        isMine,
      },
    ];
  });
}

function couldFill({ person, grants }: Actor, rule: ApprovalRule, runbook: string): boolean {
  return 'role' in rule ? rolesFor(grants, runbook).includes(rule.role) : rule.people.includes(person);
}
