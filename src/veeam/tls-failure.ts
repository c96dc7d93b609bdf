import { TlsFailure } from './connect-failure.ts';

/** Why a server is not trusted, and what helps. */
const REASONS = {
  selfSigned: {
    why: 'its certificate is signed by itself',
    now: 'Trust exactly this certificate with tls.ca, or give the server one of an issuer that is trusted.',
  },
  unknownIssuer: {
    why: 'the issuer of its certificate is not trusted',
    now: 'Put the certificate of the issuer into tls.ca of this connection.',
  },
  expired: { why: 'its certificate has expired', now: 'Renew the certificate of the server.' },
  notYetValid: {
    why: 'its certificate is not valid yet',
    now: 'Check the clocks of both machines, and the dates of the certificate.',
  },
  wrongName: {
    why: 'its certificate is for another name',
    now: 'Use a name in url that the certificate carries, or have it issued for this one.',
  },
  revoked: { why: 'its certificate is revoked', now: 'Give the server a new certificate.' },
  pinMismatch: {
    why: 'no certificate of its chain has a pinned key',
    now: 'If the server got a new key, put its pin into tls.pins; if nobody knows of one, somebody may be listening.',
  },
  notTls: {
    why: 'it does not speak TLS as it should',
    now: 'Check the scheme and the port in url, and which TLS versions the server allows.',
  },
  refused: {
    why: 'its certificate is not accepted',
    now: 'Check the certificate of the server and its chain.',
  },
} as const;

export type TlsReason = keyof typeof REASONS;

/** The codes of OpenSSL and Node for certificates; see `man openssl-verification-options`. */
const BY_CODE: Readonly<Record<string, TlsReason>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'selfSigned',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownIssuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknownIssuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownIssuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownIssuer',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'notYetValid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrongName',
  CERT_REVOKED: 'revoked',
  CERT_SIGNATURE_FAILURE: 'refused',
  CERT_CHAIN_TOO_LONG: 'refused',
  CERT_UNTRUSTED: 'refused',
  CERT_REJECTED: 'refused',
  INVALID_CA: 'refused',
  INVALID_PURPOSE: 'refused',
  PATH_LENGTH_EXCEEDED: 'refused',
  EPROTO: 'notTls',
};

/** Why TLS refused, by Node's error or its code alone; undefined when the failure has nothing to do with TLS. */
export function tlsReason(error: unknown): TlsReason | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  if (typeof code !== 'string') return undefined;
  return BY_CODE[code] ?? (code.startsWith('ERR_SSL_') ? 'notTls' : undefined);
}

/** Whether it was a certificate that was refused, so that there is one to look at. */
export function concernsCertificate(reason: TlsReason): boolean {
  return reason !== 'notTls';
}

/** The failure with host, reason, the pin that was seen, and what to do. */
export function tlsFailure({
  host,
  reason,
  pin,
  cause,
}: {
  /** Name and port. */
  host: string;
  reason: TlsReason;
  /** Of the server's own certificate, if one was shown. */
  pin?: string | undefined;
  cause?: unknown;
}): TlsFailure {
  const { why, now } = REASONS[reason];
  const seen = pin === undefined ? '' : ` (its key has the pin ${pin})`;
  return new TlsFailure(`${host}: ${why}${seen}`, { now, cause });
}
