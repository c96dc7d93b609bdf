import { assertMay, IdentityError, mayDo, mayDoSomewhere } from '../identity/index.ts';
import { rolesFor, type Actor } from '../model/actor.ts';
import type { Rewrapped, SecretRecord, Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';

/**
 * Secrets that runs were given. Every operation throws IdentityError `identity.notAllowed` when the actor may not, and
 * SecretError when what is sealed cannot be opened here.
 */
export interface SecretDesk {
  /** What there is, the newest first, without what it says. */
  list(request?: SecretsRequest): Promise<readonly SecretRecord[]>;
  /**
   * Shows a secret to one of those that its step names, and enters that in the ledger.
   * @throws MusterError `secret.notFound`, `secret.gone`, `secret.usedUp`, `secret.inVault`
   */
  reveal(request: { readonly id: string }): Promise<RevealedSecret>;
  /** Puts the keys of all secrets under the newest key. */
  rewrap(): Promise<Rewrapped>;
}

export interface SecretsRequest {
  readonly runId?: string;
}

/** A secret, in the open. */
export interface RevealedSecret {
  readonly value: string;
  /** How often that makes. */
  readonly time: number;
  readonly record: SecretRecord;
}

/** The secrets, for whoever acts. */
export function createSecretDesk({
  secrets,
  actor: actorNow,
}: Pick<Stores, 'secrets'> & { readonly actor: () => Promise<Actor> }): SecretDesk {
  return {
    async list(request = {}) {
      const actor = await actorNow();
      if (!mayDoSomewhere(actor, 'secret.list')) assertMay(actor, 'secret.list');
      const found = await secrets.list(request);
      return found.filter(({ runbook }) => mayDo(actor, 'secret.list', concernOf(runbook)));
    },
    async reveal({ id }) {
      const actor = await actorNow();
      const record = await secrets.find(id);
      if (record === undefined) {
        if (!mayDoSomewhere(actor, 'secret.reveal')) assertMay(actor, 'secret.reveal');
        throw new MusterError('secret.notFound', 'There is no secret with this id.', {
          hint: 'See `muster secret list`.',
        });
      }
      try {
        assertMayReveal(actor, record);
      } catch (error) {
        await secrets.refuse({ id, actor: actor.person });
        throw error;
      }
      const revealed = await secrets.reveal({ id, actor: actor.person });
      if ('value' in revealed) return revealed;
      switch (revealed.refused) {
        case 'notFound':
          throw new MusterError('secret.notFound');
        case 'gone':
          throw new MusterError('secret.gone');
        case 'usedUp':
          throw new MusterError(
            'secret.usedUp',
            `It was revealed ${record.mayReveal} times, which is as often as it may be.`,
            { hint: 'Revoke it, and let a run issue another one.' },
          );
        case 'elsewhere':
          throw new MusterError('secret.inVault', `Vault has it: ${record.elsewhere ?? ''}.`, {
            hint: 'Read it there, as somebody whom Vault lets read it.',
          });
      }
    },
    async rewrap() {
      assertMay(await actorNow(), 'secret.rewrap');
      return secrets.rewrap();
    },
  };
}

/** Two things: that one may see secrets at all, and that this one is for them. @throws IdentityError `identity.notAllowed` */
function assertMayReveal(actor: Actor, { id, runbook, revealTo }: SecretRecord): void {
  assertMay(actor, 'secret.reveal', concernOf(runbook));
  if (rolesFor(actor.grants, runbook).includes(revealTo)) return;
  throw new IdentityError(
    'identity.notAllowed',
    `${actor.person} may not see the secret ${id}: it is for the role ${revealTo}. Roles are given in muster.yaml, or by groups of the identity provider.`,
  );
}

/** Of secrets from before there were records, no runbook is known. */
function concernOf(runbook: string) {
  return runbook === '' ? {} : { runbook };
}
