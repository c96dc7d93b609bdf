import { ConnectFailure, ProxyFailure, TlsFailure } from './connect-failure.ts';
import { VeeamError } from './errors.ts';
import type { CallSite, VeeamErrorCode } from './errors.ts';
import type { Scope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import { oneLine } from './text.ts';

/** What undici reports, as codes of this layer; everything else is a broken connection. */
const BY_CODE: Readonly<Record<string, VeeamErrorCode>> = {
  UND_ERR_HEADERS_TIMEOUT: 'veeam.timeout',
  UND_ERR_BODY_TIMEOUT: 'veeam.timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'veeam.tooLarge',
  UND_ERR_HEADERS_OVERFLOW: 'veeam.tooLarge',
  UND_ERR_DESTROYED: 'veeam.cancelled',
  UND_ERR_CLOSED: 'veeam.cancelled',
};

const MAX_CAUSE_CHARS = 200;

/** Translates whatever went wrong while sending or reading into the one error of this layer. */
export function transportError(
  error: unknown,
  { site, scope, scrubber }: { site: CallSite; scope: Scope; scrubber: Scrubber },
): VeeamError {
  // The caller's wish and the deadline come first: the broken connection is only their consequence.
  const interruption = scope.interruption();
  if (error instanceof ConnectFailure) {
    const cause = plainCause(error.cause ?? error, scrubber);
    if (interruption !== undefined) return new VeeamError(interruption, site, { detail: cause.code, cause });
    return connectError(error, cause, site);
  }
  const cause = plainCause(error, scrubber);
  if (interruption !== undefined) return new VeeamError(interruption, site, { effect: 'unclear', cause });
  if (cause.code?.startsWith('HPE_') === true) {
    return new VeeamError('veeam.contract', site, { effect: 'unclear', detail: 'it is not HTTP', cause });
  }
  return new VeeamError(BY_CODE[cause.code ?? ''] ?? 'veeam.connectionLost', site, {
    effect: 'unclear',
    cause,
  });
}

/** No byte of the request was sent, so the effect is `none`. */
function connectError(failure: ConnectFailure, cause: TransportCause, site: CallSite): VeeamError {
  const code = cause.code === undefined ? '' : ` (${cause.code})`;
  if (failure instanceof TlsFailure) {
    return new VeeamError('veeam.tls', site, {
      detail: `${failure.message}${code}`,
      now: failure.now,
      cause,
    });
  }
  if (failure instanceof ProxyFailure) {
    return new VeeamError('veeam.proxy', site, {
      status: failure.status,
      detail: `${failure.message}${code}`,
      cause,
    });
  }
  return new VeeamError('veeam.unreachable', site, { detail: cause.code, cause });
}

/** The original's code and message only: parser errors carry raw bytes of the answer, sockets much more. */
class TransportCause extends Error {
  override readonly name = 'TransportCause';
  readonly code?: string;

  constructor(message: string, code: string | undefined) {
    super(message);
    if (code !== undefined) this.code = code;
  }
}

function plainCause(error: unknown, scrubber: Scrubber): TransportCause {
  if (!(error instanceof Error)) return new TransportCause('unknown', undefined);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return new TransportCause(oneLine(scrubber.scrub(error.message), MAX_CAUSE_CHARS), code);
}
