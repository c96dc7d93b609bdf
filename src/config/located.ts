import type { SecretRef } from './config.ts';

/** A reference to a secret, with the path of its file from the folder of the configuration. */
export function located(ref: SecretRef, fromHere: (path: string) => string): SecretRef {
  return 'file' in ref ? { file: fromHere(ref.file) } : ref;
}
