import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from './support.ts';
import { failOver, LONG, logIn, site } from './support.ts';
import { planInput, worldOf } from './vro-scenarios.ts';

const specs = new URL('../specs/', import.meta.url);

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, specs), 'utf8'));
}

/** The names in a body, the first item standing for all of a list: `data[].executionResult.result`. */
function namesIn(body: unknown, path = ''): string[] {
  if (Array.isArray(body)) return body.length === 0 ? [] : namesIn(body[0], `${path}[]`);
  if (typeof body !== 'object' || body === null) return [path];
  return Object.entries(body).flatMap(([name, value]) =>
    namesIn(value, path === '' ? name : `${path}.${name}`),
  );
}

/** The plan of the documented example: a restore that ended with a warning. */
async function restored() {
  const scenario = worldOf([planInput('vm1', { planType: 'Restore' })]);
  const here = await site({ scenario });
  here.sim.faults.add({ kind: 'endWithWarnings', plan: 'vm1', during: 'restore' });
  await here.ask('vm1', 'Restore');
  here.after(LONG);
  const [group] = here.sim.world.plan('vm1').spec.groups;
  const [vm] = group?.vms ?? [];
  return { here, group: group?.id ?? '', vm: vm?.id ?? '', step: vm?.steps[0]?.id ?? '' };
}

test.each([
  ['runtime-plan.json', () => ''],
  ['runtime-groups.json', () => '/Groups'],
  ['runtime-group-vms.json', ({ group }: { group: string }) => `/Groups/${group}`],
  ['runtime-vm-steps.json', ({ vm }: { vm: string }) => `/Vms/${vm}/Steps`],
  ['runtime-step.json', ({ step }: { step: string }) => `/Steps/${step}`],
])('the details have all properties of %s', async (file, path) => {
  const { here, ...ids } = await restored();
  expect(namesIn(await here.details('vm1', path(ids)))).toEqual(
    expect.arrayContaining(namesIn(read(`vro-examples/${file}`))),
  );
});

test('the steps of a virtual group have all properties of the example', async () => {
  const steps = [{ name: 'Check', seconds: 5 }];
  const here = await site({ scenario: worldOf([{ name: 'PLAN', groups: [{ name: 'Before', steps }] }]) });
  await failOver(here, 'PLAN');
  const group = here.sim.world.plan('PLAN').spec.groups[0]?.id ?? '';
  expect(namesIn(await here.details('PLAN', `/Groups/${group}/Steps`))).toEqual(
    expect.arrayContaining(namesIn(read('vro-examples/runtime-group-steps.json'))),
  );
});

test('a restore with a warning reads as in the example', async () => {
  const { here } = await restored();
  const example = read('vro-examples/runtime-plan.json') as Json;
  const certain = [
    'state',
    'stateName',
    'stateOrder',
    'resultName',
    'lastStableState',
    'lastStableStateName',
    'totalProgress',
    'isRunningState',
    'isStableState',
    'currentRunResult',
    'currentTestResult',
    'isUndoPossible',
    'isReversePossible',
    'planType',
    'executionState',
    'siteScopeName',
    'vendor',
  ];
  const details = await here.details('vm1');
  const pick = (body: Json): unknown => Object.fromEntries(certain.map((name) => [name, body[name]]));
  expect(pick(details)).toEqual(pick(example));
});

test.each([
  ['token-password.json', {}],
  ['token-client.json', { grant_type: 'client_credentials' }],
])('logging in answers as in %s', async (file, form) => {
  const { sim } = await site();
  const { id, secret } = sim.world.scenario.vro.client;
  const { json } = await logIn(sim, { client_id: id, client_secret: secret, ...form });
  expect(namesIn(json).sort()).toEqual(namesIn(read(`vro-examples/${file}`)).sort());
});

test.each([
  ['client-account.json', 'POST', '/Clients'],
  ['client-ids.json', 'GET', '/Clients'],
  ['license-usage.json', 'GET', '/License/Usage/Server'],
  ['plans-names.json', 'GET', '/Plans?limit=2'],
])('%s is the shape of %s %s', async (file, method, path) => {
  const { vro } = await site();
  const { json } = await vro.call(method, path);
  const body = file === 'plans-names.json' ? json.data : json;
  expect(namesIn(body)).toEqual(expect.arrayContaining(namesIn(read(`vro-examples/${file}`))));
});

interface Operation {
  readonly method: string;
  readonly path: string;
}

test('every listed operation has a route', async () => {
  const { vro, idOf, sim } = await site();
  const { groups } = sim.world.plan('ERP').spec;
  const ids: Readonly<Record<string, string | undefined>> = {
    planId: idOf('ERP'),
    groupId: groups[0]?.id,
    vmId: groups[0]?.vms[0]?.id,
    stepId: groups[0]?.vms[0]?.steps[0]?.id,
    scopeId: sim.world.scenario.vro.scope.id,
    recoveryLocationId: sim.world.scenario.vro.recoveryLocation.id,
  };
  const operations = read('vro-operations.json') as Operation[];
  const answers = await Promise.all(
    operations.map(async ({ method, path }) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? name);
      // The paths of the token stand above those of the versions.
      const { status } = await vro.call(method, filled.startsWith('/api/') ? `/../..${filled}` : filled);
      return status === 404 ? [`${method} ${path}`] : [];
    }),
  );
  expect(answers.flat()).toEqual([]);
});

test('the documented filters are answered', async () => {
  const { vro } = await site();
  const filters = read('vro-examples/filters.json') as unknown[];
  const answers = await Promise.all(
    filters.map((filter) => vro.call('GET', `/Plans?filter=${JSON.stringify(filter)}`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(filters.map(() => 200));
});
