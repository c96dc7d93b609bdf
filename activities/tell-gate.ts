import type { Deps } from './deps.ts';
import type { TellGateInput } from './contract.ts';

/** Whoever brings people the news of gates. */
export interface GateNotices {
  /** Takes the news on; rejects when it could not, and is asked again a little later. */
  gate(event: TellGateInput): Promise<void>;
}

/** What tells people about gates; absent where nobody is told. */
export interface TellsGates {
  readonly notices?: GateNotices;
}

/** Hands the news of a gate on; one that has closed is no longer among those that wait for people. */
export async function tellGate(
  { notices, stores }: TellsGates & Pick<Deps, 'stores'>,
  event: TellGateInput,
): Promise<void> {
  if (event.event === 'closed') await stores.gates.close(event.nonce, event.by ?? 'closed');
  await notices?.gate(event);
}
