import { needsPage } from '../client/needs-page.ts';
import type { LocalMuster } from '../client/in-process.ts';
import type { Config } from '../config/index.ts';
import { needsProof } from './worker-deps.ts';

/**
 * The operations for a command line. It has no browser, so it cannot let the identity provider prove an answer: whoever needs
 * that is told where to give it, instead of sending one that would be refused.
 *
 * @param server where the pages are, when that is known
 */
export function provenOnPages(
  muster: LocalMuster,
  config: Pick<Config, 'people' | 'signIn'>,
  server: string | undefined,
): LocalMuster {
  return {
    ...muster,
    async vote(request) {
      const { person: id, kind } = await muster.whoami();
      if (needsProof(config, { id, kind })) throw needsPage(request, server);
      return muster.vote(request);
    },
  };
}
