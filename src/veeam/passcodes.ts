import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import type { Secret } from './options.ts';
import type { Scope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import { TOTP_STEP_MS, totpCode, TotpSecretError, totpStep } from './totp.ts';

/** The passcodes of one account. */
export interface Passcodes {
  /**
   * The passcode to send now. A server takes each only once, so a second one within the same 30 seconds is that of the
   * next step, and this waits for it, within the scope. Throws veeam.badInput when the secret is none.
   */
  next(scope: Scope): Promise<string>;
}

export function createPasscodes({
  secret,
  site,
  scrubber,
}: {
  /** In base32. */
  secret: Secret;
  site: CallSite;
  scrubber: Scrubber;
}): Passcodes {
  let usedStep: number | undefined;

  async function next(scope: Scope): Promise<string> {
    const base32 = await scope.race(Promise.resolve(secret()));
    scrubber.learn(base32);
    const current = totpStep(Date.now());
    const step = current === usedStep ? current + 1 : current;
    const passcode = codeOf(base32, step);
    scrubber.learn(passcode);
    if (step > current) await scope.sleep(step * TOTP_STEP_MS - Date.now());
    usedStep = step;
    return passcode;
  }

  function codeOf(base32: string, step: number): string {
    try {
      return totpCode(base32, step);
    } catch (error) {
      if (!(error instanceof TotpSecretError)) throw error;
      throw new VeeamError('veeam.badInput', site, {
        detail: error.message,
        now: 'Configure the secret (totp) as the server showed it when the second factor was set up.',
      });
    }
  }

  return { next };
}
