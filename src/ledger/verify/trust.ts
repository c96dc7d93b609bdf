/** What a verification could not check, and takes as it is. */
export const TRUST_CODES = [
  'ledgerKeys',
  'keyChange',
  'witnesses',
  'unknownSignatures',
  'voteKeys',
  'roles',
  'clocks',
  'localVotes',
  'reviewers',
  'providerKeys',
  'spokenVotes',
  'breakGlass',
  'allowedTargets',
  'unattended',
  'approvalSkipped',
  'noApprovalNeeded',
  'takenOver',
  'effects',
  'noticed',
  'decisionSubjects',
  'engineSteps',
  'history',
  'redactions',
  'outputs',
  'objectives',
  'runbookText',
  'writtenAhead',
  'audited',
  'omissions',
] as const;
export type TrustCode = (typeof TRUST_CODES)[number];

/** One thing that whoever believes the evidence has to believe as well. */
export interface Trusted {
  readonly code: TrustCode;
  readonly sentence: string;
}

/** Collects what had to be trusted; of each kind the things it concerns, once. */
export class Trust {
  readonly #said = new Map<TrustCode, { readonly sentence: string; readonly things: Set<string> }>();

  /** @param thing one of those that the sentence is about; they follow it after a colon */
  add(code: TrustCode, sentence: string, thing?: string): void {
    const said = this.#said.get(code) ?? { sentence, things: new Set() };
    if (thing !== undefined) said.things.add(thing);
    this.#said.set(code, said);
  }

  list(): readonly Trusted[] {
    return TRUST_CODES.flatMap((code) => {
      const said = this.#said.get(code);
      if (said === undefined) return [];
      const { sentence, things } = said;
      return [{ code, sentence: things.size === 0 ? sentence : `${sentence} ${[...things].join('; ')}.` }];
    });
  }
}
