import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pinOf } from '../../src/veeam/pins.ts';
import type { ServerTls } from './fake-server.ts';

const text = (file: string): string => readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');

/** Certificate and key of a server of the fixtures. */
export const serverTls = (name: 'server' | 'expired' | 'wrong-name' | 'self-signed'): ServerTls => ({
  cert: text(`${name}.pem`),
  key: text(`${name}.key`),
});

/** The authority that signed all but the self-signed certificate. */
export const CA = text('ca.pem');

/** An authority that signed none of them. */
export const OTHER_CA = text('other-ca.pem');

/** An impostor of {@link CA}: its name and its key's identifier, but not its key. */
export const SAME_NAME_CA = text('same-name-ca.pem');

/** The pin of a certificate. */
export const pin = (pem: string): string => pinOf(new X509Certificate(pem));
