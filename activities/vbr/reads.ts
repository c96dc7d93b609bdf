import { MAX_LISTED, shortName, shortText, type ReadsOf } from '../read.ts';
import { findAgentBackup } from './agent-backups.ts';
import { infoOf, listReplicas } from './list-replicas.ts';
import { listTokens } from './list-tokens.ts';
import { findReplicas } from './replicas.ts';

/** What can be asked of VBR. */
export const VBR_READS: ReadsOf<'vbr'> = {
  'vbr.replicas': async (deps, input, { connection, signal }) =>
    listReplicas(deps.vbr(connection), input, { signal }),
  'vbr.replicaPoints': async (deps, { replica }, { connection, signal }) => {
    const [found] = await findReplicas(deps.vbr(connection), [replica], { signal });
    if (found === undefined) throw new Error('a replica that was found is gone');
    const points = found.points.slice(0, MAX_LISTED).map(({ id, creationTime, state, malwareStatus }) => ({
      id,
      created: creationTime,
      state: state ?? 'Unknown',
      malware: malwareStatus ?? 'Unknown',
    }));
    const total = found.points.length;
    return { replica: infoOf(found), points, total, more: total - points.length };
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
    const shown = tokens.slice(0, MAX_LISTED).map(({ id, name: label, expirationDate }) => ({
      id,
      name: shortName(label),
      expires: expirationDate,
    }));
    return { tokens: shown, total: tokens.length };
  },
};
