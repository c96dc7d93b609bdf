import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HOUR, MINUTE, openDoor, passcodeAt, PASSWORD, type Door } from './door.ts';

const VERIFIER = 'v'.repeat(43);
const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
const source = '192.0.2.9';

const signedIn = ({ identity, clock }: Door, person = 'anna') =>
  identity.signIn({ person, password: PASSWORD, source, code: passcodeAt(clock.now) });

/** A door, somebody with a browser there, and the code that they let the command line have. */
async function allowed(person = 'anna') {
  const door = await openDoor();
  const browser = await signedIn(door, person);
  const code = await door.identity.handOvers.allow(browser.credential, { challenge });
  const redeem = (verifier = VERIFIER) => door.identity.handOvers.redeem({ code, verifier, source });
  return { ...door, browser, code, redeem };
}

describe('a session that is handed over', () => {
  it('is one of the same person, worth the same', async () => {
    const { identity, browser, redeem } = await allowed('boris');
    const { actor, credential } = await redeem();
    expect(actor).toEqual(browser.actor);
    expect(await identity.actorOf(credential)).toEqual(actor);
  });

  it('is another one, and ends by itself', async () => {
    const { identity, browser, redeem } = await allowed();
    const { credential } = await redeem();
    await identity.signOut(browser.credential);
    expect(await identity.actorOf(credential)).toMatchObject({ person: 'anna' });
  });

  it('lasts no longer than the login in the browser', async () => {
    const door = await openDoor();
    const browser = await signedIn(door);
    for (let hour = 1; hour < 12; hour += 1) {
      door.clock.now += HOUR;
      await door.identity.actorOf(browser.credential);
    }
    const code = await door.identity.handOvers.allow(browser.credential, { challenge });
    const { expiresAt } = await door.identity.handOvers.redeem({ code, verifier: VERIFIER, source });
    expect(expiresAt).toBe(browser.expiresAt);
  });

  it('is recorded with where it was redeemed', async () => {
    const { store, redeem } = await allowed();
    await redeem();
    expect((await store.events({ limit: 1 }))[0]).toMatchObject({
      kind: 'signedIn',
      person: 'anna',
      source,
      detail: 'command line, by password',
    });
  });
});

describe('a code for the command line', () => {
  it('is redeemed by one of two who come at once', async () => {
    const { redeem } = await allowed();
    const ends = await Promise.allSettled([redeem(), redeem()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(redeem()).rejects.toMatchObject({ code: 'identity.loginUnknown' });
  });

  it('is for whoever has the verifier, and gone after a wrong one', async () => {
    const { store, redeem } = await allowed();
    await expect(redeem('w'.repeat(43))).rejects.toMatchObject({ code: 'identity.wrongVerifier' });
    await expect(redeem()).rejects.toMatchObject({ code: 'identity.loginUnknown' });
    expect((await store.events({ limit: 1 }))[0]).toMatchObject({ kind: 'signInFailed', person: 'anna' });
  });

  it('is good for a minute', async () => {
    const { clock, redeem } = await allowed();
    clock.now += MINUTE;
    await expect(redeem()).rejects.toMatchObject({ code: 'identity.loginUnknown' });
  });

  it('is unknown when nobody has made it', async () => {
    const { identity } = await openDoor();
    const made = identity.handOvers.redeem({ code: 'c'.repeat(43), verifier: VERIFIER, source });
    await expect(made).rejects.toMatchObject({ code: 'identity.loginUnknown' });
  });

  it('is worth nothing once its owner has signed out', async () => {
    const { identity, browser, redeem } = await allowed();
    await identity.signOut(browser.credential);
    await expect(redeem()).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('is worth nothing once its owner is revoked', async () => {
    const { store, clock, redeem } = await allowed();
    await store.revoke('anna', { by: 'ada', reason: 'left', at: clock.now });
    await expect(redeem()).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('is kept as its hash only', async () => {
    const { database, code } = await allowed();
    const rows = await database.rows(z.record(z.string(), z.unknown()), 'SELECT * FROM hand_overs');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(code);
  });
});

describe('nothing is handed over', () => {
  it('by nobody', async () => {
    const { identity } = await openDoor();
    const made = identity.handOvers.allow('nonsense', { challenge });
    await expect(made).rejects.toMatchObject({ code: 'identity.notSignedIn' });
  });

  it('by an API token', async () => {
    const door = await openDoor();
    const { actor } = await signedIn(door);
    const scope = { actions: ['run.list'] };
    const token = await door.identity.tokens.make(actor, { note: 'a test', scope, validMs: HOUR });
    const made = door.identity.handOvers.allow(token.credential, { challenge });
    await expect(made).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });

  it('by a break-glass account', async () => {
    const { identity } = await openDoor();
    const login = { person: 'glass', password: PASSWORD, source, reason: 'site A burns' };
    const { credential } = await identity.breakGlass(login);
    const made = identity.handOvers.allow(credential, { challenge });
    await expect(made).rejects.toMatchObject({ code: 'identity.notAllowed' });
  });
});
