import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  openDatabase,
  openEnvelopeKeys,
  openStores,
  readEnvelopeKeys,
  takeSecretFiles,
  type EnvelopeKeys,
  type KeptSecret,
  type Stores,
} from '../../src/store/index.ts';
import { without } from '../../src/model/json.ts';
import { canarySecret } from '../support/canary-secret.ts';
import { databaseUrlForTest } from '../support/database.ts';
import { everythingIn, failureOf, rowsAt } from './support.ts';

const root = await mkdtemp(join(tmpdir(), 'muster-secrets-'));
afterAll(() => rm(root, { recursive: true }));
const folderOf = async (): Promise<string> => mkdtemp(join(root, 'f-'));

const NOW = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;
const OLD_KEY = 'ab'.repeat(32);
const NEW_KEY = 'cd'.repeat(32);

const token: KeptSecret = {
  run: 'execution-1',
  runId: 'run-1',
  runbook: 'erp-failover',
  path: 'tokens/issue',
  kind: 'recoveryToken',
  id: '7d1c2b6a-90f5-4a7b-9a53-6a0f5c3e0001',
  connection: 'dr-backup',
  server: 'vbr.dr.example:9419',
  name: 'Recovery token 1',
  machines: ['srv1'],
  revealTo: 'site-berlin',
  value: canarySecret(),
  expires: new Date(NOW + HOUR).toISOString(),
};

interface Place {
  readonly url: string;
  readonly stores: Stores;
  readonly entries: () => Promise<readonly object[]>;
  /** Sets the clock. */
  at(time: number): void;
  /** The same tables with other keys. */
  withKeys(text: string): Promise<Stores>;
}

async function place(keys = OLD_KEY, mayReveal?: number): Promise<Place> {
  const url = await databaseUrlForTest();
  let now = NOW;
  const open = async (text: string): Promise<Stores> => {
    const database = openDatabase({ url });
    onTestFinished(() => database.close());
    return openStores({
      database,
      folder: root,
      keys: async (): Promise<EnvelopeKeys> => readEnvelopeKeys(text, 'the test'),
      now: () => now,
      ...(mayReveal !== undefined && { mayReveal }),
    });
  };
  const stores = await open(keys);
  return {
    url,
    stores,
    entries: async () => (await stores.ledger.page(0, 100)).map(({ text }) => JSON.parse(text) as object),
    at: (time) => {
      now = time;
    },
    withKeys: open,
  };
}

const reveal = ({ stores }: Pick<Place, 'stores'>, actor = 'berta') =>
  stores.secrets.reveal({ id: token.id, actor });

describe('a kept secret', () => {
  it('is known by its fingerprint', async () => {
    const { stores } = await place();
    const fingerprint = createHash('sha256').update(token.value).digest('hex').slice(0, 16);
    expect(await stores.secrets.keep(token)).toEqual({ fingerprint });
    const known = without(token, ['value', 'expires']);
    expect(await stores.secrets.find(token.id)).toEqual({
      ...known,
      fingerprint,
      keptAt: NOW,
      expiresAt: NOW + HOUR,
      reveals: 0,
      mayReveal: 3,
    });
  });

  it('is nowhere in the database, in no form', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await reveal(here);
    const rows = JSON.stringify(await everythingIn(here.url)).toLowerCase();
    const forms = ['utf8', 'base64', 'hex'] as const;
    const found = forms.filter((form) =>
      rows.includes(Buffer.from(token.value).toString(form).toLowerCase()),
    );
    expect([rows.includes(token.id), found]).toEqual([true, []]);
  });

  it('is kept once, however often it is told', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await reveal(here);
    await here.stores.secrets.keep({ ...token, value: 'NEWER' });
    expect(await reveal(here)).toMatchObject({ value: 'NEWER', time: 2 });
  });

  it('is not replaced by one of another server', async () => {
    const { stores } = await place();
    await stores.secrets.keep(token);
    expect(await failureOf(stores.secrets.keep({ ...token, connection: 'other' }))).toMatchObject({
      code: 'secret.conflict',
    });
  });
});

describe('revealing', () => {
  it('is entered with who asked and the number of the time', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    expect(await reveal(here)).toMatchObject({ value: token.value, time: 1 });
    expect(await here.entries()).toMatchObject([
      { kind: 'secret.revealed', run: token.run, id: token.id, actor: 'berta', time: 1 },
    ]);
  });

  it('works as often as it may, and says so afterwards', async () => {
    const here = await place(OLD_KEY, 2);
    await here.stores.secrets.keep(token);
    await Promise.all([reveal(here), reveal(here)]);
    expect(await reveal(here, 'carla')).toEqual({ refused: 'usedUp' });
    expect((await here.entries()).at(-1)).toMatchObject({
      kind: 'secret.refused',
      actor: 'carla',
      why: 'usedUp',
    });
  });

  it('counts each of many at once', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    const got = await Promise.all(Array.from({ length: 8 }, (_, index) => reveal(here, `p${index}`)));
    expect(got.filter((one) => 'value' in one)).toHaveLength(3);
    const revealed = (await here.entries()).filter((entry) => 'time' in entry);
    expect(revealed).toMatchObject([{ time: 1 }, { time: 2 }, { time: 3 }]);
  });

  it('does not count what cannot be opened', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    const other = await here.withKeys(NEW_KEY);
    expect(await failureOf(reveal({ stores: other }))).toMatchObject({ code: 'secret.keyUnknown' });
    expect([(await here.stores.secrets.find(token.id))?.reveals, await here.entries()]).toEqual([0, []]);
  });

  it.each([
    ['for another role', `reveal_to = 'site-rome'`],
    ['in another run', `run = 'execution-2'`],
    ['at another step', `path = 'other'`],
    ['with another secret', `sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)`],
    ['with another key', `wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)`],
    ['cut off', `sealed = substring(sealed from 1 for 20)`],
  ])('finds out a row that was changed to be one %s', async (_what, change) => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await rowsAt(here.url, `UPDATE secrets SET ${change}`);
    expect(await failureOf(reveal(here))).toMatchObject({ code: 'secret.corrupt' });
  });

  it('of one row with the box of another opens nothing', async () => {
    const here = await place();
    const id = `${token.id.slice(0, -1)}2`;
    await here.stores.secrets.keep(token);
    await here.stores.secrets.keep({ ...token, id, value: 'OTHER' });
    await rowsAt(
      here.url,
      `UPDATE secrets AS a SET wrapped = b.wrapped, sealed = b.sealed FROM secrets AS b WHERE a.id <> b.id`,
    );
    expect(await failureOf(reveal(here))).toMatchObject({ code: 'secret.corrupt' });
  });

  it('is refused when its time is over, before it is purged', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    here.at(NOW + HOUR);
    expect(await reveal(here)).toEqual({ refused: 'gone' });
  });

  it('enters who asks again and again once a minute', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    for (let times = 0; times < 3; times += 1) {
      await here.stores.secrets.refuse({ id: token.id, actor: 'eve' });
    }
    here.at(NOW + 60_000);
    await here.stores.secrets.refuse({ id: token.id, actor: 'eve' });
    expect(await here.entries()).toMatchObject([{ why: 'notAllowed' }, { why: 'notAllowed' }]);
  });

  it('of what nobody kept is no secret of ours', async () => {
    const here = await place();
    expect([await reveal(here), await here.entries()]).toEqual([{ refused: 'notFound' }, []]);
  });
});

describe('purging', () => {
  const boxes = (url: string) => rowsAt(url, 'SELECT key_id, wrapped, sealed FROM secrets');
  const EMPTY = [{ key_id: null, wrapped: null, sealed: null }];

  it('takes what was revoked, and leaves its record', async () => {
    const here = await place();
    const { fingerprint } = await here.stores.secrets.keep(token);
    await here.stores.secrets.forget(token);
    await here.stores.secrets.forget(token);
    expect(await boxes(here.url)).toEqual(EMPTY);
    expect(await here.entries()).toMatchObject([
      { kind: 'secret.purged', id: token.id, fingerprint, why: 'revoked' },
    ]);
  });

  it('takes what has expired, and nothing else', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    const before = await here.stores.secrets.purge(NOW + HOUR - 1);
    expect([before, await here.stores.secrets.purge(NOW + HOUR)]).toEqual([0, 1]);
    expect([await boxes(here.url), await here.entries()]).toMatchObject([EMPTY, [{ why: 'expired' }]]);
  });

  it('waits for one that was renewed', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await here.stores.secrets.extend({ ...token, expires: new Date(NOW + 2 * HOUR).toISOString() });
    expect(await here.stores.secrets.purge(NOW + HOUR)).toBe(0);
  });

  it('leaves the secret of another server with the same id', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await here.stores.secrets.forget({ connection: 'other', id: token.id });
    expect(await reveal(here)).toMatchObject({ value: token.value });
  });

  it('brings nothing back that is told again', async () => {
    const here = await place();
    await here.stores.secrets.keep(token);
    await here.stores.secrets.forget(token);
    await here.stores.secrets.keep(token);
    expect([await boxes(here.url), await reveal(here)]).toEqual([EMPTY, { refused: 'gone' }]);
  });
});

describe('keys', () => {
  it('of before open what they sealed, until all is under the newest', async () => {
    const here = await place();
    const both = await here.withKeys(`# newest first\n${NEW_KEY}\n\n${OLD_KEY}\n`);
    const only = await here.withKeys(Buffer.from(NEW_KEY, 'hex').toString('base64'));
    await here.stores.secrets.keep(token);
    expect(await reveal({ stores: both })).toMatchObject({ value: token.value });
    expect(await only.secrets.rewrap()).toMatchObject({ rewrapped: 0, left: [token.id] });
    expect(await both.secrets.rewrap()).toMatchObject({ rewrapped: 1, left: [] });
    expect(await reveal({ stores: only })).toMatchObject({ value: token.value });
  });

  it('are put over many secrets, one batch after the other', async () => {
    const here = await place();
    const ids = Array.from({ length: 120 }, (_, index) => `id-${index}`);
    await Promise.all(ids.map((id) => here.stores.secrets.keep({ ...token, id })));
    const both = await here.withKeys(`${NEW_KEY}\n${OLD_KEY}`);
    expect(await both.secrets.rewrap()).toMatchObject({ rewrapped: 120, left: [] });
    expect(await both.secrets.rewrap()).toMatchObject({ rewrapped: 0, left: [] });
  });

  it.each([
    ['nothing', '\n# none\n'],
    ['a word', 'changeme'],
    ['too few bytes', 'ab'.repeat(31)],
  ])('that are %s are refused without being quoted', (_what, text) => {
    expect(() => readEnvelopeKeys(text, 'there')).toThrow(
      expect.objectContaining({
        code: 'secret.badKey',
        message: expect.not.stringContaining(text.trim() === '' ? '\0' : text.trim()) as string,
      }),
    );
  });

  it('are made at the first use, for their owner only, and never again', async () => {
    const folder = await folderOf();
    const made = await Promise.all([openEnvelopeKeys({ folder }), openEnvelopeKeys({ folder })]);
    const mode = (await stat(join(folder, 'secrets.key'))).mode & 0o777;
    expect([made[0][0].id === made[1][0].id, mode]).toEqual([true, 0o600]);
    await writeFile(join(folder, 'secrets.key'), 'lost');
    await expect(openEnvelopeKeys({ folder })).rejects.toMatchObject({ code: 'secret.badKey' });
  });

  it('print nothing of themselves', () => {
    const keys = readEnvelopeKeys(OLD_KEY, 'the test');
    expect(JSON.stringify(keys) + inspect(keys)).not.toContain(OLD_KEY.slice(0, 8));
  });
});

describe('files of before', () => {
  it('are sealed, and gone', async () => {
    const here = await place();
    const folder = join(await folderOf(), 'secrets');
    await mkdir(join(folder, '.drafts'), { recursive: true });
    await writeFile(join(folder, '.drafts', 'left'), token.value);
    const { run, path, kind, id, value, expires } = token;
    await writeFile(join(folder, 'a.json'), JSON.stringify({ run, path, kind, id, value, expires }));
    expect(await takeSecretFiles(folder, here.stores.secrets)).toBe(1);
    expect(await reveal(here)).toMatchObject({ value, record: { revealTo: 'operator' } });
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('stay where they are when they are none, or cannot be sealed', async () => {
    const folder = await folderOf();
    await writeFile(join(folder, 'a.json'), '{"value": 1}');
    const { run, path, kind, id, value } = token;
    await writeFile(join(folder, 'b.json'), JSON.stringify({ run, path, kind, id, value }));
    const keep = async (): Promise<never> => {
      throw new Error('no database');
    };
    await expect(takeSecretFiles(folder, { keep })).rejects.toThrow('no database');
    expect((await readdir(folder)).sort()).toEqual(['a.json', 'b.json']);
  });

  it('are none where there is no folder', async () => {
    const { stores } = await place();
    expect(await takeSecretFiles(join(root, 'nothing'), stores.secrets)).toBe(0);
  });
});
