import type { FastifyInstance } from 'fastify';
import type { AlarmTemplate } from '../world/alarms.ts';
import type { OneContext } from './context.ts';
import { only } from './not-found.ts';
import { pageOf } from './query/page.ts';
import type { Item } from './query/property.ts';

function shown({ id, name, predefinedId }: AlarmTemplate): Item {
  return {
    alarmTemplateId: id,
    name,
    type: 'VSphereVirtualMachine',
    predefinedAlarmId: predefinedId ?? null,
    knowledgeSummary: name,
    knowledgeCause: '',
    knowledgeResolution: '',
    knowledgeCustom: '',
    knowledgeExternal: '',
    isEnabled: true,
    isPredefined: predefinedId !== undefined,
    assignments: [{ objectId: 1, objectName: 'Virtual Infrastructure', objectType: 'VirtualInfrastructure' }],
    exclusions: [],
  };
}

/** `/alarms/templates`. */
export function addAlarmTemplateRoutes(app: FastifyInstance, { world }: OneContext): void {
  app.get('/alarms/templates', async ({ query }) =>
    pageOf(world.protection.alarms.templates.map(shown), query),
  );
  app.get<{ Params: { alarmTemplateId: string } }>(
    '/alarms/templates/:alarmTemplateId',
    async ({ params: { alarmTemplateId } }) =>
      shown(
        only(
          world.protection.alarms.templates.find(({ id }) => String(id) === alarmTemplateId),
          'alarm template',
          alarmTemplateId,
        ),
      ),
  );
}
