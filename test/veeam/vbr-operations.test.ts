import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VBR_API_VERSIONS, VBR_OPERATIONS } from '../../src/veeam/index.ts';
import { checkAgainst, operationOf, specOf } from '../support/spec-check.ts';
import { arbitraryOf, sampleOf } from '../support/spec-samples.ts';
import { containing, failureOf, fakeVeeam, vbrClient } from './fake-server.ts';
import type { Handler } from './fake-server.ts';
import { VBR_EXERCISES } from './vbr-exercises.ts';

const SPEC = specOf('vbr-1.2-rev1');

type Verb = keyof typeof VBR_OPERATIONS;

const exercises = Object.entries(VBR_EXERCISES);
const operations = Object.entries(VBR_OPERATIONS);
const calls = exercises.filter(([verb]) => verb !== 'login' && verb !== 'logout');
const specified = calls.filter(([, { answer }]) => answer === undefined);
const commands = calls.filter(([, { sent }]) => !sent.startsWith('GET '));

/** Answers what the specification lists for the call: the success status, and a body made by `make`. */
function bySpec(
  make: (schemaName: string) => unknown = (name) => sampleOf(SPEC, name),
  beyond?: object,
): Handler {
  return ({ method, path }) => {
    if (beyond !== undefined) return { json: beyond };
    const answers = Object.entries(operationOf(SPEC, method, path)?.answers ?? {});
    const [status, schema] = answers.find(([code]) => code.startsWith('2')) ?? ['404', null];
    return schema === null || status === '204'
      ? { status: Number(status) }
      : { status: Number(status), json: make(schema) };
  };
}

test.each(exercises)('%s is sent as the vendor names it', async (_, { call, sent, body, answer }) => {
  const server = await fakeVeeam(bySpec(undefined, answer));

  await call(vbrClient(server.url, { apiVersion: '1.2-rev1' }));

  const arrived = server.seen.find(({ method, path, query }) => {
    const parameters = [...query].map(([name, value]) => `${name}=${value}`).join('&');
    return `${method} ${path}${parameters === '' ? '' : `?${parameters}`}` === decodeURIComponent(sent);
  });
  expect(arrived).toBeDefined();
  if (body !== undefined) expect(JSON.parse(arrived?.body ?? '')).toEqual(body);
});

test.each(exercises.filter(([, { answer }]) => answer === undefined))(
  '%s sends what the specification takes',
  (_, { sent, body }) => {
    const [method = '', target = ''] = sent.split(' ');
    const url = new URL(target, 'http://vbr');
    const operation = operationOf(SPEC, method, url.pathname);

    expect(operation?.body === undefined ? [] : checkAgainst(SPEC, operation.body, body ?? {})).toEqual(
      operation?.form === true ? [containing('grant_type: missing')] : [],
    );
    expect(Object.keys(operation?.query ?? {})).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
  },
);

test('the table has every operation of the specification; others have an answer of their own here', () => {
  const routes = (all: readonly { method: string; path: string }[]) =>
    all.map(({ method, path }) => `${method} ${path}`).sort();
  const inSpecification = operations.filter(([verb]) => VBR_EXERCISES[verb as Verb].answer === undefined);

  expect(routes(inSpecification.map(([, operation]) => operation))).toEqual(routes(SPEC.operations));
});

test.each(specified)('%s reads every answer that the specification allows', async (_, { call }) => {
  let draw: (schemaName: string) => unknown = () => undefined;
  const server = await fakeVeeam(bySpec((name) => draw(name)));
  const vbr = vbrClient(server.url, { apiVersion: '1.2-rev1' });

  await fc.assert(
    fc.asyncProperty(fc.gen(), async (gen) => {
      draw = (name) => gen(arbitraryOf, SPEC, name);
      await call(vbr);
    }),
    { numRuns: 10 },
  );
});

test.each(VBR_API_VERSIONS.flatMap((version) => calls.map(([verb, one]) => ({ version, verb, ...one }))))(
  '$verb in API version $version is made or refused as the table says',
  async ({ version, verb, call, answer }) => {
    const server = await fakeVeeam(bySpec(undefined, answer));
    const versions: readonly string[] = VBR_OPERATIONS[verb as Verb].versions;

    const made = call(vbrClient(server.url, { apiVersion: version }));

    if (versions.includes(version)) await made;
    else {
      expect(await failureOf(made)).toMatchObject({
        code: 'veeam.badInput',
        message: containing(`API version ${version} does not have this call`),
      });
    }
    // Refused means that not even a login was sent.
    expect(server.seen.length).toBe(versions.includes(version) ? 2 : 0);
  },
);

test.each(commands)('%s asks the fence, and is not sent when it refuses', async (_, { call }) => {
  const server = await fakeVeeam(bySpec());
  const refusal = new Error('frozen');
  const vbr = vbrClient(server.url, { apiVersion: '1.2-rev1' });

  const error = await failureOf(call(vbr, { beforeSend: () => Promise.reject(refusal) }));

  expect(error).toBe(refusal);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/oauth2/token']);
});
