import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HTTP_ERRORS } from '../../src/http/problem.ts';
import { openTestApp, routesOf, type TestApp } from './app.ts';

interface Operation {
  readonly summary?: string;
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let server: TestApp;
let document: Document;
beforeAll(async () => {
  server = await openTestApp();
  document = JSON.parse((await server.app.inject({ url: '/api/v1/openapi.json' })).body) as Document;
});
afterAll(() => server.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${url}`,
      operation,
    })),
  );

test('every operation of the API is described', () => {
  const there = routesOf(server.app)
    .filter(({ method, url }) => ['GET', 'POST'].includes(method) && url.startsWith('/api/v1/'))
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    .filter((name) => !name.endsWith('openapi.json'));
  expect(
    operations()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(there.sort());
});

test('every operation says what it does, what it answers, and how it is refused', () => {
  const bare = operations().filter(
    ({ operation: { summary, responses } }) =>
      summary === undefined ||
      !Object.keys(responses).some((status) => status.startsWith('2')) ||
      responses['4XX'] === undefined,
  );
  expect(bare.map(({ name }) => name)).toEqual([]);
});

test('every schema in it is one', () => {
  const ajv = new Ajv2020({ strict: false, formats: { int64: true } });
  addFormats.default(ajv);
  const schemas: object[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('schema' in value && typeof value.schema === 'object' && value.schema !== null) {
      schemas.push(value.schema);
    }
    Object.values(value).forEach(collect);
  };
  collect(document.paths);
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(schemas.map((schema) => ajv.validateSchema(schema)).filter((valid) => valid !== true)).toEqual([]);
});

test('the page about the server lists every error of it', async () => {
  const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'server.md'), 'utf8');
  const missing = Object.entries(HTTP_ERRORS).filter(
    ([code, says]) => !page.includes(`\`${code}\``) || !page.includes(says),
  );
  expect(missing).toEqual([]);
});
