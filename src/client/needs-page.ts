import { gatePath } from '../model/page-paths.ts';
import { MusterError } from './errors.ts';

/**
 * What somebody is told whose answers the identity provider proves, when they answer without a browser.
 *
 * @param server where the pages are, when that is known: `https://muster.example`
 */
export function needsPage(
  { runId, gate }: { readonly runId: string; readonly gate: string },
  server: string | undefined,
): MusterError {
  const hint =
    server === undefined
      ? 'Answer on the page of the gate, on your muster server: its link is in the message that the gate has sent.'
      : `Answer on the page of the gate: ${server}${gatePath(runId, gate)}`;
  return new MusterError(
    'vote.needsPage',
    'Your answers are proven by a fresh login at the identity provider, which takes a browser. Nothing was sent.',
    { hint },
  );
}
