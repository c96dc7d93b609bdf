import type { KeptRefusals } from '../../client/index.ts';
import { REFUSALS } from '../../model/vote.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** Answers that did not count. Who they name is a claim: nobody has proven it. */
export function refusalLines({ total, latest }: KeptRefusals): string[] {
  if (total === 0) return ['Every answer to this run counted.'];
  return [
    ...table(
      ['WHEN', 'GATE', 'CLAIMS TO BE', 'WHY IT DID NOT COUNT'],
      latest.map(({ at, gate = '', claimedPerson = '', refusal, detail }) => [
        shortTime(at),
        gate,
        claimedPerson,
        `${REFUSALS[refusal]}${detail === undefined ? '' : ` ${detail}`} (${refusal})`,
      ]),
    ),
    ...(total > latest.length ? ['', `The newest ${latest.length} of ${total}.`] : []),
  ];
}
