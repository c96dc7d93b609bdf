import { z } from 'zod';

/** Answer of VRO's `POST /Mfa/GenerateMfaCode`. Both values are secrets. */
export const mfaSecret = z.looseObject({
  /** What an authenticator app needs, in base32. */
  mfaKey: z.string().min(1),
  /** The same as an `otpauth://` URL, for a QR code. */
  mfaQrCodeUrl: z.string().nullish(),
});
