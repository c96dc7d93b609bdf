import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { clientAccount } from '../../src/veeam/schemas/client-account.ts';
import { stepDetailRecord } from '../../src/veeam/schemas/execution.ts';
import { licenseUsage } from '../../src/veeam/schemas/license-usage.ts';
import { mfaSecret } from '../../src/veeam/schemas/mfa-secret.ts';
import { pageOf } from '../../src/veeam/schemas/page.ts';
import { planGroup, planStep, planVm, stepParameter } from '../../src/veeam/schemas/plan-contents.ts';
import { recoveryPlan } from '../../src/veeam/schemas/plan.ts';
import { recoveryLocation } from '../../src/veeam/schemas/recovery-location.ts';
import {
  groupRuntimeDetails,
  planRuntimeDetails,
  stepRuntimeDetails,
  vmRuntimeDetails,
} from '../../src/veeam/schemas/runtime-details.ts';
import { tokenAnswer } from '../../src/veeam/schemas/token.ts';
import { vroScope, yaraRule } from '../../src/veeam/schemas/vro-scope.ts';
import { selectionQuery } from '../../src/veeam/vro/query.ts';
import type { Filter, VroSort } from '../../src/veeam/vro/query.ts';

const FOLDER = new URL('../specs/vro-examples/', import.meta.url);

/** Bodies that the vendor prints, by file, and what reads them. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  'client-account.json': clientAccount,
  'client-ids.json': z.array(z.string()),
  'license-usage.json': licenseUsage,
  'mfa-secret.json': mfaSecret,
  'plans-names.json': z.array(recoveryPlan),
  'runtime-group-steps.json': pageOf(stepRuntimeDetails),
  'runtime-group-vms.json': pageOf(vmRuntimeDetails),
  'runtime-groups.json': pageOf(groupRuntimeDetails),
  'runtime-plan.json': planRuntimeDetails,
  'runtime-step.json': pageOf(stepDetailRecord),
  'runtime-vm-steps.json': pageOf(stepRuntimeDetails),
  'token-client.json': tokenAnswer,
  'token-password.json': tokenAnswer,
  'token-refresh.json': tokenAnswer,
};

const QUERIES = ['filters.json', 'sorts.json'];

async function example(file: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(file, FOLDER), 'utf8'));
}

test.each(Object.entries(ANSWERS))('%s is read and nothing of it is lost', async (file, schema) => {
  const body = await example(file);

  expect(schema.parse(body)).toEqual(body);
});

test('no example is left out', async () => {
  const files = await readdir(FOLDER);

  expect(files.sort()).toEqual([...Object.keys(ANSWERS), ...QUERIES].sort());
});

test('filters are sent as the vendor prints them', async () => {
  const filters = (await example('filters.json')) as (readonly Filter[])[];

  expect(filters.map((filter) => selectionQuery({ filter }).filter)).toEqual(
    filters.map((filter) => JSON.stringify(filter)),
  );
});

test('sorts are sent as the vendor prints them', async () => {
  const sorts = (await example('sorts.json')) as (readonly VroSort[])[];

  expect(sorts.map((sort) => selectionQuery({ sort }).sort)).toEqual(
    sorts.map((sort) => JSON.stringify(sort)),
  );
});

const ITEMS: Readonly<Record<string, z.ZodType>> = {
  recoveryPlan,
  planGroup,
  planVm,
  planStep,
  recoveryLocation,
  vroScope,
  yaraRule,
  stepParameter,
  groupRuntimeDetails,
  vmRuntimeDetails,
  stepRuntimeDetails,
};

test.each(Object.entries(ITEMS))('%s keeps unknown fields and new enum values', (_, schema) => {
  const item = {
    id: 'x',
    name: 'ERP',
    executionState: 'Hibernating',
    planType: 'Quantum',
    type: 'Moon',
    state: 'Dreaming',
    groupType: 'Herd',
    actionType: 'Juggle',
    newField: { deep: [1] },
  };

  expect(schema.parse(item)).toEqual(item);
});

test.each(Object.entries(ITEMS))('%s takes null for what is optional', (_, schema) => {
  const item = { id: 'x', name: 'ERP', executionState: 'Running', executionResult: null, description: null };

  expect(schema.safeParse(item).success).toBe(true);
});
