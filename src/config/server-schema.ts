import { z } from 'zod';
import { path, text } from './field-schemas.ts';

const HOSTS_HERE = new Set(['127.0.0.1', '::1', 'localhost']);

/** Where the API and the pages are. */
export const server = z
  .strictObject({
    host: text.default('127.0.0.1'),
    port: z.int().min(0).max(65_535).default(7_800),
    publicUrl: z
      .string()
      .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
        error: 'write the address that people type, e.g. https://muster.example',
      })
      .transform((url) => new URL(url).origin)
      .exactOptional(),
    tls: z.strictObject({ cert: path, key: path }).exactOptional(),
    behindProxy: z.boolean().default(false),
  })
  .superRefine(({ host, tls, behindProxy, publicUrl }, context) => {
    if (HOSTS_HERE.has(host) || tls !== undefined) return;
    if (!behindProxy) {
      const message =
        'passwords would travel in the clear: give tls: { cert, key }, or behindProxy: true when a proxy with TLS stands before it';
      context.addIssue({ code: 'custom', path: ['host'], message });
    } else if (publicUrl === undefined) {
      const message = 'is missing: behind a proxy only you know the address that people type';
      context.addIssue({ code: 'custom', path: ['publicUrl'], message });
    }
  });
