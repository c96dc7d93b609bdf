import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { SimulatorError } from '../errors.ts';
import { readInput } from '../input.ts';
import type { RecoveryToken } from '../world/recovery-tokens.ts';
import type { ListRules } from './list.ts';
import { listFields, pageOf } from './list.ts';

const ORDER_COLUMNS = ['Name', 'ExpirationDate'] as const;

const listSchema = z.object(listFields(ORDER_COLUMNS));

const date = z.iso.datetime({ offset: true, local: true });
const issueSchema = z.object({ backupIds: z.array(z.guid()).min(1), expirationDate: date });
const updateSchema = z.object({
  id: z.guid(),
  name: z.string().min(1),
  expirationDate: date,
  recoveryToken: z.string().min(1).optional(),
});

function shown({ id, name, recoveryToken, expirationDate }: RecoveryToken): Readonly<Record<string, string>> {
  return { id, name, recoveryToken, expirationDate };
}

const RULES: ListRules<RecoveryToken, (typeof ORDER_COLUMNS)[number]> = {
  columns: {
    Name: ({ name }) => name,
    ExpirationDate: ({ expirationDate }) => Date.parse(expirationDate),
  },
  usual: { column: 'Name', ascending: true },
  nameOf: ({ name }) => name,
};

const BASE = '/api/v1/agents/recoveryTokens';

/** The five calls on recovery tokens. */
export function addRecoveryTokenRoutes(app: FastifyInstance, { world, journal }: ServerContext): void {
  const record = (call: string, target: string, by: string, body: unknown): void =>
    journal.record({ system: 'vbr', call, target, by, body });

  app.get(BASE, async ({ query }) =>
    pageOf(world.recoveryTokens.list(), readInput(listSchema, query), RULES, shown),
  );

  app.post(BASE, async (request) => {
    const body = readInput(issueSchema, request.body);
    const token = world.recoveryTokens.issue(body);
    record(`POST ${BASE}`, token.id, clientOf(request), body);
    return shown(token);
  });

  app.get<{ Params: { id: string } }>(`${BASE}/:id`, async ({ params }) =>
    shown(world.recoveryTokens.get(params.id)),
  );

  app.put<{ Params: { id: string } }>(`${BASE}/:id`, async (request) => {
    const { id, ...change } = readInput(updateSchema, request.body);
    if (id.toLowerCase() !== request.params.id.toLowerCase()) {
      throw new SimulatorError('INVALID_REQUEST', 'The id in the body is not the id in the path.');
    }
    const token = world.recoveryTokens.update(id, change);
    const { name, expirationDate } = change;
    record(`PUT ${BASE}/{id}`, token.id, clientOf(request), { name, expirationDate });
    return shown(token);
  });

  app.delete<{ Params: { id: string } }>(`${BASE}/:id`, async (request, reply) => {
    const token = world.recoveryTokens.get(request.params.id);
    world.recoveryTokens.remove(token.id);
    record(`DELETE ${BASE}/{id}`, token.id, clientOf(request), null);
    return reply.code(204).send();
  });
}
