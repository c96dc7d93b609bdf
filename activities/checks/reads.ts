import type { ReadsOf } from '../read.ts';
import { httpCheck } from './http-check.ts';
import { tcpCheck } from './tcp-check.ts';

/** What can be asked of any system. */
export const CHECK_READS: ReadsOf<'http' | 'tcp'> = {
  'http.check': (deps, input, { signal }) => httpCheck(deps, input, signal),
  'tcp.check': (deps, input, { signal }) => tcpCheck(deps, input, signal),
};
