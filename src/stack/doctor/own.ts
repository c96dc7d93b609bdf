import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isGrpcServiceError } from '@temporalio/client';
import type { DoctorLine } from '../../cli/doctor-report.ts';
import { lazyConnection } from '../../control/index.ts';
import { errorCodeOf } from '../atomic-file.ts';
import type { TemporalPlace } from '../muster-on.ts';
import { timed } from './lines.ts';

/** A server that is up answers in milliseconds. */
const TEMPORAL_MS = 5_000;
/** gRPC's number for "there is no such thing". */
const NOT_FOUND = 5;

/** Whether Temporal answers for the namespace. Without a place: no stack runs here and none is configured. */
export async function temporalLine(
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
  const connection = lazyConnection({ address });
  try {
    const { ms } = await timed(() =>
      connection.withAbortSignal(signal, () =>
        connection.withDeadline(Date.now() + TEMPORAL_MS, () =>
          connection.workflowService.describeNamespace({ namespace }),
        ),
      ),
    );
    return { check: 'temporal', level: 'ok', says: `${address} answers, namespace ${namespace}`, ms };
  } catch (error) {
    const { code, details } = refusalOf(error);
    return code === NOT_FOUND
      ? {
          check: 'temporal',
          level: 'bad',
          says: `${address} answers, but has no namespace ${namespace}`,
          now: 'Create it, or correct temporal.namespace in muster.yaml.',
        }
      : {
          check: 'temporal',
          level: 'bad',
          says: `${address} cannot be reached: ${details}`,
          now: 'Check that the Temporal server runs, and its address; the embedded one is started by: npx muster start',
        };
  } finally {
    await connection.close();
  }
}

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
