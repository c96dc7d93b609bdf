import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { markedSecret } from '../secret-mark.ts';

/** The machine the account belongs to, as it stands before the backslash. */
const DOMAIN = 'ONE-SRV';

const SID_CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/sid';

/** The account as Veeam ONE writes it. */
export function displayName(username: string): string {
  return `${DOMAIN}\\${username}`;
}

/** The Windows security identifier of an account; always the same for the same name. */
export function sidOf(username: string): string {
  const bytes = createHash('sha256').update(username.toLowerCase()).digest();
  return `S-1-5-21-${bytes.readUInt32BE(0)}-${bytes.readUInt32BE(4)}-${bytes.readUInt32BE(8)}-500`;
}

/** Makes access tokens as Veeam ONE does: JWTs that say who they are for, also by the SID that `/api/revoke` takes. */
export function accessTokenMaker(role: string) {
  const key = randomBytes(32);
  return (username: string, { issuedAt, expiresAt }: { issuedAt: number; expiresAt: number }): string => {
    const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
    const claims = {
      unique_name: displayName(username),
      role,
      [SID_CLAIM]: sidOf(username),
      AccessTokenId: randomUUID(),
      UserId: '2',
      nbf: seconds(issuedAt),
      exp: seconds(expiresAt),
      iat: seconds(issuedAt),
    };
    const head = { alg: 'HS256', kid: 'WebApiSecurityKey', typ: 'JWT' };
    const text = [head, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
}

/** A refresh token: 32 hexadecimal digits. */
export function makeRefreshToken(): string {
  return markedSecret(10, 'hex').toLowerCase();
}
