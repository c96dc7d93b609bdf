import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { NOT_ENTERED } from '../../src/model/run-note.ts';
import { isUnwritable, type Intent, type NewIntent } from '../../src/store/index.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { aheadFor } from '../go-on.ts';
import { entryOf, recordNotes } from '../record.ts';
import { StepError, toStepError } from '../step-error.ts';
import { inTime } from './in-time.ts';

/**
 * What led to a command, until it is in the ledger: entered with the intent of the command, in one transaction, or before the
 * command says that it needs none.
 */
export class Lead {
  #left: readonly LedgerEntry[];

  constructor(left: readonly LedgerEntry[] = []) {
    this.#left = left;
  }

  get isEntered(): boolean {
    return this.#left.length === 0;
  }

  /** @throws StoreError as the `begin` of intents does; then nothing is entered */
  async begin({ stores }: Deps, intent: NewIntent): Promise<Intent> {
    const begun = await stores.intents.begin(intent, this.#left);
    this.#left = [];
    return begun;
  }

  /** @throws StoreError when it cannot be written */
  async enter({ stores }: Deps): Promise<void> {
    if (this.isEntered) return;
    await stores.ledger.append(this.#left);
    this.#left = [];
  }
}

/**
 * Does a command with what led to it. Whatever comes of the command, that is in the ledger then.
 *
 * @throws StepError `step.storeAway` when the store keeps the command from beginning, marked so that the run waits until what led
 *   to it can be entered, and sends it then
 */
export async function withLead<T>(
  deps: Deps,
  input: CommandInput,
  work: (lead: Lead) => Promise<T>,
): Promise<T> {
  const { run, notes = [] } = input;
  if (notes.length === 0) return work(new Lead());
  if (aheadFor(deps, input) !== undefined) {
    // The command may go to the file, and then its store is another than that of what led to it.
    await inTime(recordNotes(deps, { run, notes })).catch(notEntered);
    return work(new Lead());
  }
  const lead = new Lead(notes.map((note) => entryOf(run, note)));
  try {
    return await work(lead);
  } catch (error) {
    if (isUnwritable(error) && !lead.isEntered) return notEntered(error);
    // Refused, frozen, of a wrong state: the run may wait for people now, who look at the ledger meanwhile.
    await lead.enter(deps).catch(notEntered);
    throw error;
  }
}

function notEntered(cause: unknown): never {
  throw new StepError('step.storeAway', toStepError(cause).message, { cause, details: NOT_ENTERED });
}
