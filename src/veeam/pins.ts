import { createHash, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** Longest chain that is looked at: real ones have three or four certificates. */
const MAX_CHAIN = 10;

/** `sha256/<base64>` of a pin in either spelling; undefined for anything else. */
export function pinFrom(text: string): string | undefined {
  const hex = text.replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return `sha256/${Buffer.from(hex, 'hex').toString('base64')}`;
  return /^sha256\/[A-Za-z0-9+/]{43}=$/.test(text) ? text : undefined;
}

/** The pin of a certificate: SHA-256 of its SubjectPublicKeyInfo, so that a renewal with the same key keeps it. */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}

/**
 * The certificates that the other end has shown, its own first, as far as each is really signed by the next:
 * whoever only sends along a foreign certificate does not get its pin.
 */
export function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let shown: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (shown?.raw !== undefined && chain.length < MAX_CHAIN) {
    const certificate = new X509Certificate(shown.raw);
    const below = chain.at(-1);
    if (below !== undefined && !below.verify(certificate.publicKey)) break;
    chain.push(certificate);
    // A self-signed certificate names itself as its issuer.
    shown = shown.issuerCertificate === shown ? undefined : shown.issuerCertificate;
  }
  return chain;
}
