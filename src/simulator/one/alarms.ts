import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { clientOf } from '../context.ts';
import { readInput } from '../input.ts';
import type { Alarm } from '../world/alarms.ts';
import type { Inventory } from '../world/inventory.ts';
import type { OneContext, OneVersion } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';
import { isoTime, numberFor } from './show.ts';

/** A child alarm's id: the alarm itself, seen at the object it is about. */
const CHILD_ID_OFFSET = 100_000;

/** What the world calls an object, and what Veeam ONE calls it. */
const OBJECT_TYPES: ReadonlyMap<string, string> = new Map([
  ['VirtualMachine', 'VSphereVm'],
  ['Vm', 'VSphereVm'],
  ['Host', 'VSphereHost'],
  ['Datastore', 'VSphereDatastore'],
  ['Cluster', 'VSphereHostCluster'],
  ['BackupServer', 'VbrBackupServer'],
  ['Repository', 'VbrBackupRepository'],
  ['Proxy', 'VbrBackupProxy'],
  ['Job', 'VbrJob'],
  ['Computer', 'BackupAgent'],
]);

const ids = z.array(z.int());
const answer = {
  comment: z.string().default(''),
  resolveType: z
    .string()
    .transform((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase())
    .pipe(z.enum(['Resolve', 'Acknowledge', 'Action']))
    .default('Resolve'),
};
const resolveSchema = z.object({ triggeredAlarmIds: ids, ...answer });
const resolveChildrenSchema = z.object({ triggeredChildAlarmIds: ids, ...answer });

/** The name of an object's type that Veeam ONE's lists have. Its own names stand for themselves. */
export function objectTypeOf(type: string): string {
  return OBJECT_TYPES.get(type) ?? (/^(VSphere|Vbr|HyperV|Vb365|BackupAgent)/.test(type) ? type : 'Unknown');
}

function shown(alarm: Alarm, inventory: Inventory, version: OneVersion): Item {
  const source = {
    objectId: inventory.vm(alarm.source.id)?.number ?? numberFor(alarm.source.id),
    objectName: alarm.source.name,
    objectType: objectTypeOf(alarm.source.type),
  };
  const remediations = alarm.remediation.map((description) => ({ description, mode: 'Manual' }));
  const common = {
    triggeredAlarmId: alarm.id,
    name: alarm.template.name,
    alarmTemplateId: alarm.template.id,
    predefinedAlarmId: alarm.template.predefinedId ?? null,
    triggeredTime: isoTime(alarm.raisedAt),
    status: alarm.status,
    description: alarm.description,
    comment: alarm.comment,
    repeatCount: alarm.repeatCount,
  };
  return version === 'v2.2'
    ? { ...common, alarmAssignment: source, childAlarmsCount: 1, remediation: remediations }
    : { ...common, alarmSource: source, childAlarmsCount: 1, remediation: { items: remediations } };
}

function shownChild(alarm: Alarm): Item {
  return {
    childAlarmId: CHILD_ID_OFFSET + alarm.id,
    triggeredAlarmId: alarm.id,
    triggeredTime: isoTime(alarm.raisedAt),
    status: alarm.status,
    source: alarm.source.name,
    description: alarm.description,
    repeatCount: alarm.repeatCount,
    comment: alarm.comment,
  };
}

/** `/alarms/triggeredAlarms`: seen as they are now, unlike what is collected. */
export function addAlarmRoutes(
  app: FastifyInstance,
  { world, journal }: OneContext,
  version: OneVersion,
): void {
  const alarmOf = (id: string): Alarm =>
    only(
      world.protection.alarms.list().find((alarm) => String(alarm.id) === id),
      'triggered alarm',
      id,
    );
  const resolve = (
    request: FastifyRequest,
    call: string,
    alarmIds: readonly number[],
    body: Readonly<z.output<z.ZodObject<typeof answer>>>,
  ): void => {
    world.protection.alarms.resolve(alarmIds, body);
    const target = alarmIds.join(',');
    journal.record({ system: 'one', call, target, by: clientOf(request), body: { alarmIds, ...body } });
  };
  const resolveChildren = (request: FastifyRequest, call: string): void => {
    const { triggeredChildAlarmIds, ...body } = readInput(resolveChildrenSchema, request.body);
    resolve(
      request,
      call,
      triggeredChildAlarmIds.map((id) => id - CHILD_ID_OFFSET),
      body,
    );
  };

  app.get('/alarms/triggeredAlarms', async ({ query }) =>
    pageOf(
      world.protection.alarms.list().map((alarm) => shown(alarm, world.protection.inventory, version)),
      query,
    ),
  );
  app.get<{ Params: { triggeredAlarmId: string } }>(
    '/alarms/triggeredAlarms/:triggeredAlarmId',
    async ({ params }) => shown(alarmOf(params.triggeredAlarmId), world.protection.inventory, version),
  );
  app.get<{ Params: { triggeredAlarmId: string } }>(
    '/alarms/triggeredAlarms/:triggeredAlarmId/triggeredChildAlarms',
    async ({ params, query }) => pageOf([shownChild(alarmOf(params.triggeredAlarmId))], query),
  );
  app.post('/alarms/triggeredAlarms/resolve', async (request, reply) => {
    const { triggeredAlarmIds, ...body } = readInput(resolveSchema, request.body);
    resolve(request, 'POST /alarms/triggeredAlarms/resolve', triggeredAlarmIds, body);
    return reply.code(200).send();
  });
  app.post('/alarms/triggeredChildAlarms/resolve', async (request, reply) => {
    resolveChildren(request, 'POST /alarms/triggeredChildAlarms/resolve');
    return reply.code(200).send();
  });
  app.post<{ Params: { triggeredAlarmId: string } }>(
    '/alarms/triggeredAlarms/:triggeredAlarmId/triggeredChildAlarms/resolve',
    async (request, reply) => {
      alarmOf(request.params.triggeredAlarmId);
      const path = '/alarms/triggeredAlarms/{triggeredAlarmId}/triggeredChildAlarms/resolve';
      resolveChildren(request, `POST ${path}`);
      return reply.code(200).send();
    },
  );
}
