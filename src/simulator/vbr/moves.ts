import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import { readInput } from '../input.ts';
import type { Move } from '../world/replica-moves.ts';
import type { Switchover } from '../world/replicas.ts';
import type { SessionNow } from '../world/sessions.ts';
import { anyCase } from './list.ts';
import { sessionShown } from './session-shown.ts';
import type { ApiVersion } from './version.ts';
import { versionOf } from './version.ts';

const pointIds = z.array(z.guid()).min(1);
const failoverBody = z.object({ replicaPointIds: pointIds, reason: z.string().nullish() });
const pointsBody = z.object({ replicaPointIds: pointIds });

const failbackMode = z
  .unknown()
  .transform((input) => {
    const mode = readInput(
      z.object({
        type: anyCase(['Auto', 'Scheduled', 'Manual']).default('Auto'),
        scheduledTime: z.iso.datetime({ offset: true, local: true }).nullish(),
      }),
      input,
    );
    return { type: mode.type, scheduledTime: mode.scheduledTime ?? undefined };
  })
  .prefault({});
type FailbackMode = z.output<typeof failbackMode>;

const proxies = z.array(z.guid()).nullish();
/** What belongs to one of the three types only is taken as it comes: this world has one production site. */
const failbackBody = z.object({
  replicaPointIds: pointIds,
  type: anyCase(['OriginalLocation', 'OriginalVM', 'Customized']),
  drSiteProxyId: proxies,
  productionSiteProxyId: proxies,
  powerOnTargetVM: z.boolean().nullish(),
  quickRollback: z.boolean().nullish(),
  failbackMode,
});
const switchoverBody = z.object({ replicaPointIds: pointIds, failbackMode });

/** The calls that start one move: what comes after `/api/v1/` and before `/vSphere/snapshot`. */
const FAILOVERS: Readonly<Record<string, Move>> = {
  'failover/failoverNow': 'failover',
  'failover/plannedFailover': 'plannedFailover',
  'failover/permanentFailover': 'permanentFailover',
  'failover/undoFailover': 'undoFailover',
};
const FAILBACKS: Readonly<Record<string, Move>> = {
  'failback/switchToProduction': 'switchToProduction',
  'failback/commitFailback': 'commitFailback',
  'failback/undoFailback': 'undoFailback',
};

function pathOf(call: string): string {
  return `/api/v1/${call}/vSphere/snapshot`;
}

/** When a prepared failback switches over: `Auto` is as soon as it is ready. */
function switchoverOf({ type, scheduledTime }: FailbackMode): Switchover | undefined {
  switch (type) {
    case 'Auto':
      return undefined;
    case 'Manual':
      return { type };
    case 'Scheduled':
      break;
  }
  if (scheduledTime !== undefined) return { type, at: Date.parse(scheduledTime) };
  throw new SimulatorError(
    'INVALID_REQUEST',
    'The request is invalid: the mode Scheduled needs a scheduledTime.',
  );
}

/** Started sessions, on one page that has no bounds. */
function started(sessions: readonly SessionNow[], version: ApiVersion): Readonly<Record<string, unknown>> {
  const data = sessions.map((session) => sessionShown(session, version));
  return { data, pagination: { total: data.length, count: data.length, skip: null, limit: null } };
}

/** Failover and failback. Each answers at once with one session per restore point. */
export function addMoveRoutes(app: FastifyInstance, { world, journal }: ServerContext): void {
  const record = (call: string, request: FastifyRequest, names: readonly string[], body: object): void =>
    journal.record({
      system: 'vbr',
      call: `POST ${pathOf(call)}`,
      target: names.join(', '),
      by: clientOf(request),
      body,
    });
  const run = async (
    { call, move, switchover }: { call: string; move: Move; switchover?: Switchover | undefined },
    body: { replicaPointIds: readonly string[]; reason?: string | null | undefined },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> => {
    const asked = { move, pointIds: body.replicaPointIds, reason: body.reason ?? undefined, switchover };
    const sessions = world.protection.start(asked);
    record(
      call,
      request,
      sessions.map(({ name }) => name),
      body,
    );
    return reply.code(201).send(started(sessions, versionOf(request)));
  };

  for (const [call, move] of Object.entries(FAILOVERS)) {
    app.post(pathOf(call), (request, reply) =>
      run({ call, move }, readInput(failoverBody, request.body), request, reply),
    );
  }
  for (const [call, move] of Object.entries(FAILBACKS)) {
    app.post(pathOf(call), (request, reply) =>
      run({ call, move }, readInput(pointsBody, request.body), request, reply),
    );
  }

  const failback = 'failback/failbackToProduction';
  app.post(pathOf(failback), (request, reply) => {
    const body = readInput(failbackBody, request.body);
    const switchover = switchoverOf(body.failbackMode);
    const move = switchover === undefined ? 'failback' : 'prepareFailback';
    return run({ call: failback, move, switchover }, body, request, reply);
  });

  const change = 'failback/changeSwitchoverTime';
  app.post(pathOf(change), async (request) => {
    const body = readInput(switchoverBody, request.body);
    const names = body.replicaPointIds.map((id) => world.protection.replicas.point(id).replica.vm.name);
    world.protection.changeSwitchover(body.replicaPointIds, switchoverOf(body.failbackMode));
    record(change, request, names, body);
    return {};
  });
}
