import { connect } from 'node:net';
import type { InputOf, OutputOf } from '../../src/catalog/index.ts';
import type { Deps } from '../deps.ts';
import { StepError } from '../step-error.ts';

const TIMEOUT_MS = 5_000;

/** Opens a TCP connection and closes it again. @throws StepError `check.hostNotAllowed`, `check.failed` */
export async function tcpCheck(
  deps: Deps,
  { host, port }: InputOf<'tcp.check'>,
  signal: AbortSignal,
): Promise<OutputOf<'tcp.check'>> {
  if (!deps.mayCheck(host, port)) {
    throw new StepError(
      'check.hostNotAllowed',
      `${host}:${port} is not listed under checks.allow in muster.yaml; nothing was sent.`,
    );
  }
  const began = deps.monotonic();
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, signal });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new StepError('check.failed', `${host}:${port} does not answer: ${reason}`));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(`nothing within ${TIMEOUT_MS} ms`));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
  return { ms: Math.round(deps.monotonic() - began) };
}
