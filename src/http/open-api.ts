import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { problemSchema } from './problem.ts';

/** How the API describes itself, at `/api/v1/openapi.json`. */
export function openApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'muster',
        version,
        description:
          'Disaster-recovery runbooks: start them, look at them, answer their gates, stop everything.',
      },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A session (mss_…) or an API token (mst_…).',
          },
        },
      },
      security: [{ bearer: [] }],
    },
    transform: (route) => {
      const { schema } = route;
      // Every operation can be refused.
      const response = { ...(schema.response as object), '4xx': problemSchema, '5xx': problemSchema };
      return transform({ ...route, schema: schema.hide === true ? schema : { ...schema, response } });
    },
  };
}

const transform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } });
