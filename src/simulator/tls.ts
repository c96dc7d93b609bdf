import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a server needs to speak TLS. PEM texts. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  /** The CA that clients have to trust. Absent: `cert` is self-signed, or its CA is known anyway. */
  readonly ca?: string | undefined;
}

/** Where the simulator's own CA lies, for programs that want a file (`NODE_EXTRA_CA_CERTS`, `curl --cacert`). */
export const SIMULATOR_CA_PATH = pathOf('simulator-ca.pem');

function pathOf(file: string): string {
  return join(import.meta.dirname, 'tls', file);
}

/**
 * The simulator's own certificate for localhost, 127.0.0.1 and ::1, signed by a CA that exists for nothing else. Its key
 * lies in the repository, so it proves nothing: see tls/README.md.
 */
export function simulatorCertificate(): Required<ServerCertificate> {
  return {
    cert: readFileSync(pathOf('simulator-server.pem'), 'utf8'),
    key: readFileSync(pathOf('simulator-server-key.pem'), 'utf8'),
    ca: readFileSync(SIMULATOR_CA_PATH, 'utf8'),
  };
}
