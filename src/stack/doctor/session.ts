import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config, ConnectionConfig } from '../../config/index.ts';
import { formatDuration } from '../../model/duration.ts';
import { VeeamError, type CallOptions, type Session, type VeeamErrorCode } from '../../veeam/index.ts';
import { accountOf, secretPlace } from './account.ts';
import type { Checkup } from './checkup.ts';
import { CHECKUPS } from './checkups.ts';
import { failed } from './lines.ts';
import { portHint } from './network.ts';
import { servedVersions } from './versions.ts';

/** Shorter tokens are renewed all the time: somebody set the lifetime wrong, or a clock jumps. */
const SHORT_TOKEN_MS = 120_000;

/** Answers to a login that a server of the product would not give. */
const NOT_THE_PRODUCT: ReadonlySet<VeeamErrorCode> = new Set([
  'veeam.notFound',
  'veeam.contract',
  'veeam.redirected',
  // Only VBR's login asks for a version.
  'veeam.version',
]);
/** Answers to the first call that a server gives which does not know the version; VRO has no word for it. */
const PERHAPS_THE_VERSION: ReadonlySet<VeeamErrorCode> = new Set([
  'veeam.version',
  'veeam.notFound',
  'veeam.rejected',
  'veeam.serverError',
]);

interface Examined {
  readonly config: Config;
  readonly connection: ConnectionConfig;
  readonly checkup: Checkup;
}

/** Logs in and looks around. `noting` hears what is being done. */
export async function sessionLines(
  { config, connection, checkup }: Examined,
  options: CallOptions,
  noting: (what: DoctorLine['check']) => void,
): Promise<DoctorLine[]> {
  noting('login');
  let greeting: string;
  try {
    greeting = await checkup.greet(options);
  } catch (error) {
    return refusedLines({ config, connection, checkup }, error, options);
  }
  noting('read');
  const seen = await checkup.look(options);
  const session = checkup.session();
  return [
    loginLine(connection),
    { check: 'version', level: 'ok', says: `${connection.apiVersion} is served by ${greeting}` },
    ...seen,
    ...(session === undefined ? [] : tokenLines(session)),
  ];
}

async function refusedLines(
  { config, connection, checkup }: Examined,
  error: unknown,
  options: CallOptions,
): Promise<DoctorLine[]> {
  if (!(error instanceof VeeamError)) return [failed('login', error)];
  const session = checkup.session();
  const loggedIn = session === undefined ? [] : [loginLine(connection), ...tokenLines(session)];
  const speaksOfVersion =
    error.code === 'veeam.version' && (connection.kind === 'vbr' || session !== undefined);
  if (session === undefined && !speaksOfVersion) return [refusedLogin(connection, error)];
  if (!PERHAPS_THE_VERSION.has(error.code)) {
    return [...loggedIn, failed(error.code === 'veeam.forbidden' ? 'role' : 'read', error)];
  }
  const served = await servedVersions({ config, connection }, options);
  if (served.length === 0 && !speaksOfVersion) return [...loggedIn, failed('read', error)];
  return [...loggedIn, versionLine(connection, error, served)];
}

/** The version is not served; these, newest first, are. */
function versionLine(
  { kind, apiVersion }: ConnectionConfig,
  { call, says }: VeeamError,
  served: readonly string[],
): DoctorLine {
  const [newest] = served;
  const others = newest === undefined ? '' : `, but ${served.join(', ')}`;
  return {
    check: 'version',
    level: 'bad',
    says: `${apiVersion} is not served${others} (${call}: ${says})`,
    now:
      newest === undefined
        ? `Update the server, or muster: it speaks ${CHECKUPS[kind].versions.join(', ')}.`
        : `Set apiVersion: ${newest} for this connection.`,
  };
}

function loginLine(connection: ConnectionConfig): DoctorLine {
  return { check: 'login', level: 'ok', says: `as ${accountOf(connection)}` };
}

function refusedLogin(connection: ConnectionConfig, error: VeeamError): DoctorLine {
  const says = `as ${accountOf(connection)}: ${error.says}`;
  return { check: 'login', level: 'bad', says, now: adviceOn(connection, error) };
}

function adviceOn(connection: ConnectionConfig, { code, now }: VeeamError): string {
  if (NOT_THE_PRODUCT.has(code)) {
    return `Check that url is the REST API of this product. ${portHint(connection)}`.trim();
  }
  return code === 'veeam.unauthorized' ? `${now} muster used the ${secretPlace(connection)}.` : now;
}

function tokenLines({ lifetimeMs, hasRefreshToken }: Session): DoctorLine[] {
  const renewed = hasRefreshToken ? 'renewed with a refresh token' : 'renewed by logging in again';
  const says = `an access token lives ${formatDuration(lifetimeMs)}, ${renewed}`;
  if (lifetimeMs >= SHORT_TOKEN_MS) return [{ check: 'token', level: 'ok', says }];
  const now = 'Raise the lifetime of access tokens on the server: 15 minutes are usual.';
  return [{ check: 'token', level: 'warn', says, now }];
}
