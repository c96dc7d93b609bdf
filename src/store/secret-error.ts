/** Why a secret can be neither sealed, kept nor opened, and what to do now. Stable: callers and tests read the code. */
export const SECRET_CODES = {
  'secret.badKey':
    'A key of sealed secrets cannot be used. Each is 32 random bytes in base64 or hex, one a line, the newest first; `openssl rand -base64 32` makes one.',
  'secret.unreadable': 'What `secrets` of muster.yaml refers to cannot be read. Correct it, or put it there.',
  'secret.keyUnknown':
    'The secret is sealed with a key that this process does not have. Give every worker and server the same keys, the old ones too until `muster secret rewrap`.',
  'secret.corrupt':
    'What is kept of the secret is not what was sealed. Revoke it and issue another one; then find out who changed the database.',
  'secret.conflict':
    'A secret of another server has the same id, and it is never overwritten. Look at both servers; they may be one.',
  'vault.unreachable': 'Vault cannot be reached, or failed. Look whether it runs; muster tries again.',
  'vault.sealed': 'Vault is sealed, or not ready. Unseal it; muster tries again.',
  'vault.forbidden':
    'Vault refuses: the token is not valid, or its policy does not let it create, update and delete there. Correct `secrets.vault`.',
  'vault.refused':
    'Vault does not take the request. Correct `secrets.vault`: url, mount (a KV version 2) and path.',
} as const;

export type SecretCode = keyof typeof SECRET_CODES;

/** What goes wrong with keeping secrets. No secret and no key is ever in it, nor what a server answered. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: SecretCode;

  /** @param about what it is about: the id of a secret, of a key, a file or an address */
  constructor(code: SecretCode, about: string, { cause }: { cause?: unknown } = {}) {
    super(`${about}: ${SECRET_CODES[code]}`, { cause });
    this.code = code;
  }
}
