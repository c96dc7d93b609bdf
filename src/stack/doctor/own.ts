import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { Config } from '../../config/index.ts';
import { lazyConnection } from '../../control/index.ts';
import { errorCodeOf } from '../atomic-file.ts';
import { temporalOptions, type TemporalPlace } from '../temporal-place.ts';
import { failed, timed } from './lines.ts';

/** A server that is up answers in milliseconds. */
const TEMPORAL_MS = 5_000;
/** gRPC's numbers for "there is no such thing", "you may not" and "who are you?". */
const GRPC = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

/** Whether Temporal answers for the namespace. Without a place: no stack runs here and none is configured. */
export async function temporalLine(
  config: Pick<Config, 'secretOf'>,
  place: TemporalPlace | undefined,
  { signal }: { signal: AbortSignal },
): Promise<DoctorLine> {
  if (place === undefined) {
    return {
      check: 'temporal',
      level: 'warn',
      says: 'no stack runs on this data folder, and muster.yaml names no Temporal server',
      now: 'Start the stack before you start a run: npx muster start',
    };
  }
  const { address, namespace } = place;
  let connection: Connection;
  try {
    connection = lazyConnection(await temporalOptions(place, config));
  } catch (error) {
    return failed('temporal', error);
  }
  try {
    const { ms } = await timed(() =>
      connection.withAbortSignal(signal, () =>
        connection.withDeadline(Date.now() + TEMPORAL_MS, () =>
          connection.workflowService.describeNamespace({ namespace }),
        ),
      ),
    );
    const says = `${address} answers${mannerOf(place)}, namespace ${namespace}`;
    return { check: 'temporal', level: 'ok', says, ms };
  } catch (error) {
    return { check: 'temporal', level: 'bad', ...troubleOf(place, error) };
  } finally {
    await connection.close();
  }
}

/** How muster shows who it is. */
function mannerOf({ tls, apiKey }: TemporalPlace): string {
  const shown = [
    tls?.cert === undefined ? '' : 'a client certificate',
    apiKey === undefined ? '' : 'an API key',
  ];
  const proof = shown.filter(Boolean).join(' and ');
  return `${tls === undefined ? '' : ' over TLS'}${proof === '' ? '' : ` with ${proof}`}`;
}

function troubleOf(place: TemporalPlace, error: unknown): Pick<DoctorLine, 'says' | 'now'> {
  const { address, namespace } = place;
  const { code, details } = refusalOf(error);
  switch (code) {
    case GRPC.notFound:
      return {
        says: `${address} answers, but has no namespace ${namespace}`,
        now: 'Create it, or correct temporal.namespace in muster.yaml.',
      };
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return {
        says: `${address} answers${mannerOf(place)}, but refuses: ${details}`,
        now: `Correct temporal.apiKey or temporal.tls in muster.yaml, or let Temporal admit them to namespace ${namespace}.`,
      };
    default:
      return {
        says: `${address} cannot be reached${mannerOf(place)}: ${details}`,
        now: place.tls === undefined ? START_TEMPORAL : CHECK_TLS,
      };
  }
}

const START_TEMPORAL =
  'Check that the Temporal server runs, and its address; the embedded one is started by: npx muster start. ' +
  'If it is one that expects TLS, say so with temporal.tls in muster.yaml.';
const CHECK_TLS =
  'Check that the Temporal server runs, its address, and that it expects TLS; temporal.tls in muster.yaml says which ' +
  'authority (ca) and which name (serverName) its certificate must have.';

function refusalOf(error: unknown): { readonly code?: number; readonly details: string } {
  if (isGrpcServiceError(error)) return { code: error.code, details: error.details };
  return { details: error instanceof Error ? error.message : String(error) };
}

/** Whether what muster must keep can be kept. */
export async function dataLine(folder: string): Promise<DoctorLine> {
  const there = await nearest(folder);
  try {
    await access(there, constants.W_OK | constants.X_OK);
    return { check: 'data', level: 'ok', says: `${folder} can be written` };
  } catch (error) {
    const says = `${there} cannot be written (${errorCodeOf(error) ?? 'unknown'})`;
    return { check: 'data', level: 'bad', says, now: 'Give muster a folder of its own account with --data.' };
  }
}

/** The folder itself, or what is there above it. */
async function nearest(folder: string): Promise<string> {
  try {
    await access(folder, constants.F_OK);
    return folder;
  } catch (error) {
    const above = dirname(folder);
    if (errorCodeOf(error) !== 'ENOENT' || above === folder) return folder;
    return nearest(above);
  }
}
