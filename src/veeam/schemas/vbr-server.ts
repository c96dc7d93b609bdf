import { z } from 'zod';

const text = z.string().nullish();

export const vbrServerTime = z.looseObject({
  /** ISO date with the server's offset. */
  serverTime: z.string(),
  timeZone: text,
});

export const vbrServerInfo = z.looseObject({
  vbrId: z.string(),
  name: z.string(),
  /** E.g. `12.1.0.0`. */
  buildVersion: z.string(),
  patches: z.array(z.string()).nullish(),
  databaseVendor: text,
  sqlServerEdition: text,
  sqlServerVersion: text,
  databaseSchemaVersion: text,
  databaseContentVersion: text,
});

/** A code for one login, a secret. */
export const authorizationCode = z.looseObject({ code: z.string().min(1) });
