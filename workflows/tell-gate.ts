import type { AskedOfPeople, GateEvent, TellGateInput } from '../activities/contract.ts';
import type { Gate, StepRecord } from '../src/model/run.ts';
import type { Engine } from './engine.ts';

/** Tells people what has become of the gate of a step, unless it is from before gates told anything. */
export function tellGate(
  engine: Engine,
  { path, gate }: StepRecord,
  event: GateEvent,
  more: Pick<TellGateInput, 'to' | 'reasons' | 'by'> = {},
): void {
  if (gate?.moments === undefined) return;
  engine.telling.tell({ run: engine.state.identity, path, nonce: gate.nonce, event, ...more });
}

/** What people are asked at a gate, for whoever lists gates and shows their cards. */
export function askedAt(
  { uses }: Pick<StepRecord, 'uses'>,
  {
    kind,
    title,
    policy,
    offers,
    instructions,
    fields,
  }: Pick<Gate, 'kind' | 'title' | 'policy' | 'offers' | 'instructions'> & {
    readonly fields?: Gate['fields'];
  },
  dueAt: number | undefined,
): AskedOfPeople {
  return {
    kind,
    title,
    policy,
    offers,
    ...(instructions === undefined ? {} : { instructions }),
    ...(fields === undefined ? {} : { fields }),
    ...(uses === undefined ? {} : { uses }),
    ...(dueAt === undefined ? {} : { dueAt }),
  };
}
