import { canonicalJson } from '../src/model/json.ts';
import type { CoveredStep, PlanSubject, Verified } from '../src/model/vote.ts';
import type { RecheckedGate, RecheckGateInput } from './contract.ts';
import type { Deps } from './deps.ts';
import { lookAtGate, noteGate } from './open-gate.ts';
import { authenticVote } from './votes.ts';

/**
 * Looks at the gate once more, and compares what it would be about with what people said yes to; and looks at those people: who
 * may not answer any more does not count.
 */
export async function recheckGate(
  deps: Deps,
  { covered, digest, votes, ...input }: RecheckGateInput,
): Promise<RecheckedGate> {
  const opened = await lookAtGate(deps, input);
  if (opened.digest === digest) {
    const { runbook } = input.run;
    // They were fresh when they were counted.
    const look = (jws: string): Promise<Verified> => authenticVote(deps, jws, { runbook, at: 0 });
    return { same: true, votes: await Promise.all(votes.map(look)) };
  }
  await noteGate(deps, input, opened);
  return { same: false, opened, changed: changesOf(covered, opened.covered) };
}

/** What is not as it was, as sentences for whoever has to answer again. */
export function changesOf(before: readonly CoveredStep[], now: readonly CoveredStep[]): string[] {
  const gone = before.filter(({ path }) => !now.some((step) => step.path === path));
  const changes = [
    ...gone.map(({ path }) => `${path} is not done any more.`),
    ...now.flatMap((step) =>
      changesIn(
        before.find(({ path }) => path === step.path),
        step,
      ),
    ),
  ];
  return changes.length === 0 ? ['What this is about has changed.'] : changes;
}

function changesIn(before: CoveredStep | undefined, now: CoveredStep): string[] {
  if (before === undefined) return [`${now.path} would be done as well.`];
  const { path } = now;
  return [
    ...(before.action === now.action ? [] : [`${path} would do ${now.action}, not ${before.action}.`]),
    ...(before.target === now.target ? [] : [`${path} would act on ${now.target}, not ${before.target}.`]),
    ...(canonicalJson(before.with) === canonicalJson(now.with)
      ? []
      : [`${path} would be given ${canonicalJson(now.with)}, not ${canonicalJson(before.with)}.`]),
    ...(before.subject === undefined || now.subject === undefined
      ? []
      : subjectChanges(path, before.subject, now.subject)),
  ];
}

/** How a plan is not what it was. */
export function subjectChanges(path: string, before: PlanSubject, now: PlanSubject): string[] {
  const added = now.vms.filter((vm) => !before.vms.includes(vm));
  const gone = before.vms.filter((vm) => !now.vms.includes(vm));
  return [
    ...(added.length === 0 ? [] : [`The plan of ${path} has machines that it had not: ${added.join(', ')}.`]),
    ...(gone.length === 0 ? [] : [`The plan of ${path} has not any more: ${gone.join(', ')}.`]),
    ...(before.position === now.position
      ? []
      : [`The plan of ${path} was ${before.position}, and is ${now.position} now.`]),
  ];
}
