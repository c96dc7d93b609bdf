import type { DoctorLine } from '../../cli/doctor-report.ts';
import { ConfigError, type Config, type ConnectionConfig, type SecretRef } from '../../config/index.ts';

/** As whom muster logs in, and how. */
export function accountOf({ credentials }: ConnectionConfig): string {
  if ('clientId' in credentials) return `client ${credentials.clientId}`;
  const second = credentials.totp === undefined ? '' : ' and a second factor';
  return `${credentials.username} with a password${second}`;
}

/** Where the secret of the account stands, for whoever has to correct it. */
export function secretPlace({ credentials }: ConnectionConfig): string {
  return 'clientId' in credentials
    ? `client secret from ${placeOf(credentials.clientSecret)}`
    : `password from ${placeOf(credentials.password)}`;
}

/** A bad line for each secret that cannot be read. It names the reference, never the value. */
export async function missingSecrets(config: Config, connection: ConnectionConfig): Promise<DoctorLine[]> {
  const lines = await Promise.all(
    secretsOf(connection).map(async ([what, ref]): Promise<DoctorLine[]> => {
      try {
        await config.secretOf(ref);
        return [];
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const says = `the ${what} cannot be read from ${placeOf(ref)}`;
        return [{ check: 'secret', level: 'bad', says, now: error.message }];
      }
    }),
  );
  return lines.flat();
}

function secretsOf({ credentials, proxy }: ConnectionConfig): (readonly [what: string, ref: SecretRef])[] {
  const own: (readonly [string, SecretRef | undefined])[] =
    'clientId' in credentials
      ? [['client secret', credentials.clientSecret]]
      : [
          ['password', credentials.password],
          ['secret of the second factor', credentials.totp],
        ];
  return [...own, ['authorization for the proxy', proxy?.authorization] as const].flatMap(([what, ref]) =>
    ref === undefined ? [] : [[what, ref] as const],
  );
}

function placeOf(ref: SecretRef): string {
  if ('env' in ref) return `the environment variable ${ref.env}`;
  return 'file' in ref ? `the file ${ref.file}` : 'the simulator';
}
