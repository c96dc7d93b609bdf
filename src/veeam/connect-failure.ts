/** Marks that connecting failed: whatever the reason was, no byte of the request was sent. */
export class ConnectFailure extends Error {
  override readonly name: string = 'ConnectFailure';

  constructor(cause?: unknown, message = 'the connection could not be opened') {
    super(message, { cause });
  }
}

/** The proxy said no (`status`), or could not be reached. */
export class ProxyFailure extends ConnectFailure {
  override readonly name = 'ProxyFailure';
  readonly status: number | undefined;

  constructor(message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(cause, message);
    this.status = status;
  }
}

/** The server is not the one to trust. */
export class TlsFailure extends ConnectFailure {
  override readonly name = 'TlsFailure';
  /** What to do about it. */
  readonly now: string;

  constructor(message: string, { now, cause }: { now: string; cause?: unknown }) {
    super(cause, message);
    this.now = now;
  }
}
