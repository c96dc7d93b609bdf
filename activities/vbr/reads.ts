import { MAX_LISTED, shortName, shortText, type ReadsOf } from '../read.ts';
import { findAgentBackup } from './agent-backups.ts';
import { listTokens } from './list-tokens.ts';
import { findReplicas, pointsOf } from './replicas.ts';
import type { Replica } from '../../src/veeam/index.ts';

/** What can be asked of VBR. */
export const VBR_READS: ReadsOf<'vbr'> = {
  'vbr.replicas': async (deps, { name, state }, { connection, signal }) => {
    const page = await deps.vbr(connection).client.replicas.list(
      {
        limit: MAX_LISTED,
        orderColumn: 'Name',
        ...(name === undefined ? {} : { nameFilter: name }),
        ...(state === undefined ? {} : { stateFilter: state }),
      },
      { signal },
    );
    const replicas = page.data.slice(0, MAX_LISTED).map(infoOf);
    const total = page.pagination.total;
    return { replicas, total, more: Math.max(0, total - replicas.length) };
  },
  'vbr.replicaPoints': async (deps, { replica }, { connection, signal }) => {
    const vbr = deps.vbr(connection);
    const [found] = await findReplicas(vbr, [replica], { signal });
    if (found === undefined) throw new Error('a replica that was found is gone');
    const all = await pointsOf(vbr, found, { signal });
    const points = all.slice(0, MAX_LISTED).map(({ id, creationTime, state, malwareStatus }) => ({
      id,
      created: creationTime,
      state: state ?? 'Unknown',
      malware: malwareStatus ?? 'Unknown',
    }));
    return { replica: infoOf(found), points, total: all.length, more: all.length - points.length };
  },
  'vbr.session': async (deps, { session }, { connection, signal }) => {
    const found = await deps.vbr(connection).client.sessions.get(session, { signal });
    return {
      id: found.id,
      name: shortName(found.name),
      type: found.sessionType,
      state: found.state,
      result: found.result?.result ?? 'None',
      message: shortText(found.result?.message ?? ''),
      progress: found.progressPercent ?? 0,
      startedAt: found.creationTime,
      finishedAt: found.endTime ?? null,
    };
  },
  'vbr.findAgentBackup': async (deps, { name }, { connection, signal }) =>
    findAgentBackup(deps.vbr(connection), name, { signal }),
  'vbr.listRecoveryTokens': async (deps, { name }, { connection, signal }) => {
    const tokens = await listTokens(deps.vbr(connection), {
      signal,
      ...(name === undefined ? {} : { nameFilter: name }),
    });
    const shown = tokens
      .slice(0, MAX_LISTED)
      .map(({ id, name: label, expirationDate }) => ({ id, name: label, expires: expirationDate }));
    return { tokens: shown, total: tokens.length };
  },
};

function infoOf({ id, name, state, type }: Replica) {
  return { id, name: shortName(name), state: state ?? 'Unknown', type: type ?? 'Unknown' };
}
