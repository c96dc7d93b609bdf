import type { RecoveryToken } from '../../src/veeam/index.ts';
import type { VbrConnection } from '../deps.ts';

const PAGE = 200;
/** More tokens than anyone has; a server that pages without end must not hold a worker. */
const MAX_TOKENS = 5_000;

/** All recovery tokens, page by page. The items carry the tokens themselves: never hand them on whole. */
export async function listTokens(
  { client }: VbrConnection,
  { nameFilter, signal }: { nameFilter?: string; signal?: AbortSignal } = {},
): Promise<RecoveryToken[]> {
  const tokens: RecoveryToken[] = [];
  while (tokens.length < MAX_TOKENS) {
    const query = { skip: tokens.length, limit: PAGE, ...(nameFilter === undefined ? {} : { nameFilter }) };
    const { data } = await client.recoveryTokens.list(query, signal === undefined ? {} : { signal });
    tokens.push(...data);
    if (data.length < PAGE) break;
  }
  return tokens;
}
