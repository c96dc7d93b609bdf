import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFile, makePrivateFolder, readIfThere, syncFolders } from './durable-file.ts';
import { envelopeKey, type EnvelopeKey, type EnvelopeKeys } from './sealed-box.ts';
import { SecretError } from './secret-error.ts';

const FORMS = [
  { form: /^[0-9a-f]{64}$/i, encoding: 'hex' },
  { form: /^[A-Za-z0-9+/]{43}=?$/, encoding: 'base64' },
  { form: /^[\w-]{43}=?$/, encoding: 'base64url' },
] as const;

/**
 * Reads keys of sealed secrets: one a line, the newest first. Empty lines, and those that begin with `#`, say nothing.
 *
 * @param about where they come from, for messages: no key is ever in one
 * @throws SecretError `secret.badKey`
 */
export function readEnvelopeKeys(text: string, about: string): EnvelopeKeys {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const [first, ...others] = lines
    .map((line, index) => ({ line, place: `${about}, line ${index + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, place }) => keyIn(line, place));
  if (first === undefined) throw new SecretError('secret.badKey', about);
  return [first, ...others];
}

/**
 * The keys in a file of the folder, which is made at the first use: only its owner may read it. Of two processes that start
 * at once both get the same key. A file that holds no key is never replaced, since what it has sealed would be lost.
 *
 * @throws SecretError `secret.badKey`; StoreError `store.unavailable`
 */
export async function openEnvelopeKeys({ folder }: { readonly folder: string }): Promise<EnvelopeKeys> {
  const path = join(folder, 'secrets.key');
  const there = await readIfThere(path);
  if (there !== undefined) return readEnvelopeKeys(there, path);
  await makePrivateFolder(folder);
  const content = `${randomBytes(32).toString('base64')}\n`;
  const isMine = await createFile({ path, content, drafts: folder });
  await syncFolders(folder);
  return readEnvelopeKeys(isMine ? content : ((await readIfThere(path)) ?? ''), path);
}

function keyIn(line: string, place: string): EnvelopeKey {
  const found = FORMS.find(({ form }) => form.test(line));
  if (found === undefined) throw new SecretError('secret.badKey', place);
  return envelopeKey(Buffer.from(line, found.encoding), place);
}
