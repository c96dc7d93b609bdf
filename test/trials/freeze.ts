import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openStageOn, type StagePlace } from '../support/open-stage.ts';

/** Reads with pauses between them: at any moment some runs act, and most are about to. */
const STEPS = 6;
const runbook = (url: string): string => `
apiVersion: muster/v1
name: many
title: Reads with pauses between them
steps:
${Array.from(
  { length: STEPS },
  (_, index) =>
    `  - { id: wait${index}, wait: 2s }\n  - { id: read${index}, uses: http.check, with: { url: '${url}' } }`,
).join('\n')}
`;
const STARTS_AT_A_TIME = 20;
/** What had begun when the freeze returned is over by then: a read of this machine takes milliseconds. */
const UNDER_WAY_MS = 2_000;
/** Long enough for every run to come to its next read. */
const FROZEN_MS = 6_000;

/** What became of many runs that were frozen in the middle. */
export interface ManyFrozen {
  readonly runs: number;
  /** How long setting the freeze took. */
  readonly freezeMs: number;
  /** Reads that were done before it, and those that began although it was in force. */
  readonly before: number;
  readonly during: number;
  readonly after: number;
  readonly succeeded: number;
  readonly milliseconds: number;
}

/** Starts many runs, freezes them, takes the worker away and gives them another one, and lets them go on. */
export async function freezeMany(
  place: StagePlace,
  { runs }: { readonly runs: number },
): Promise<ManyFrozen> {
  const begun = performance.now();
  const site = await countingSite();
  const config = `connections: {}
signIn: { trustLocal: true }
people: { anna: { name: Anna, roles: [operator] } }
checks: { allow: ['127.0.0.1:${site.port}'] }
`;
  const stage = await openStageOn(place, { config, worker: false, maxCachedWorkflows: runs + 50 });
  try {
    const worker = await stage.startWorker();
    const ids: string[] = [];
    const text = runbook(`http://127.0.0.1:${site.port}/`);
    const starter = async (): Promise<void> => {
      while (ids.length < runs) {
        const index = ids.push('') - 1;
        ids[index] = await stage.start(text);
      }
    };
    await Promise.all(Array.from({ length: STARTS_AT_A_TIME }, starter));
    const anna = stage.muster.as('anna');
    const asked = performance.now();
    await anna.freeze({ reason: 'trial' });
    const freezeMs = Math.round(performance.now() - asked);
    await pause(UNDER_WAY_MS);
    const before = site.requests();
    await worker.stop();
    await stage.startWorker();
    await pause(FROZEN_MS);
    const during = site.requests() - before;
    await anna.unfreeze({});
    const ended = await Promise.all(
      ids.map((id) => stage.muster.result(id).then(({ outcome }) => outcome === 'succeeded')),
    );
    return {
      runs,
      freezeMs,
      before,
      during,
      after: site.requests() - before - during,
      succeeded: ended.filter(Boolean).length,
      milliseconds: Math.round(performance.now() - begun),
    };
  } finally {
    await stage.close();
    await site.close();
  }
}

/** A site that answers everything and counts it. */
async function countingSite() {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end('ok');
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
