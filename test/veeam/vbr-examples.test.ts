import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { recoveryToken, recoveryTokenPage } from '../../src/veeam/schemas/recovery-token.ts';
import { replicaPoint } from '../../src/veeam/schemas/replica.ts';
import { tokenAnswer } from '../../src/veeam/schemas/token.ts';
import { vbrPageOf } from '../../src/veeam/schemas/vbr-page.ts';
import { authorizationCode, vbrServerInfo, vbrServerTime } from '../../src/veeam/schemas/vbr-server.ts';
import { vbrSession, vbrSessionLog, vbrTaskSession } from '../../src/veeam/schemas/vbr-session.ts';
import { checkAgainst, specOf } from '../support/spec-check.ts';

const FOLDER = new URL('../specs/vbr-examples/', import.meta.url);

/** The vendor's printed answers, token values shortened: what reads each, and what it is in the specification. */
const ANSWERS: Readonly<Record<string, readonly [z.ZodType, string]>> = {
  'authorization-code': [authorizationCode, 'AuthorizationCodeModel'],
  'failover-sessions': [vbrPageOf(vbrSession), 'SessionsResult'],
  'permanent-failover-sessions': [vbrPageOf(vbrSession), 'SessionsResult'],
  'planned-failover-sessions': [vbrPageOf(vbrSession), 'SessionsResult'],
  'recovery-token': [recoveryToken, 'ComputerRecoveryTokenModel'],
  'recovery-tokens': [recoveryTokenPage, 'ComputerRecoveryTokenResult'],
  'replica-point': [replicaPoint, 'ReplicaPointModel'],
  'replica-points': [vbrPageOf(replicaPoint), 'ReplicaPointsResult'],
  'rescan-session': [vbrSession, 'SessionModel'],
  'server-info': [vbrServerInfo, 'ServerInfoModel'],
  'server-time': [vbrServerTime, 'ServerTimeModel'],
  'session-log': [vbrSessionLog, 'SessionLogResult'],
  session: [vbrSession, 'SessionModel'],
  sessions: [vbrPageOf(vbrSession), 'SessionsResult'],
  'task-session': [vbrTaskSession, 'TaskSessionModel'],
  'task-sessions': [vbrPageOf(vbrTaskSession), 'TaskSessionsResult'],
  token: [tokenAnswer, 'TokenModel'],
  'undo-failover-sessions': [vbrPageOf(vbrSession), 'SessionsResult'],
};

/** Printed bodies of requests and empty answers. */
const OTHERS: Readonly<Record<string, string>> = {
  failover: 'ViVMSnapshotReplicaFailoverSpec',
  logout: 'EmptySuccessResponse',
  'new-recovery-token': 'ComputerRecoveryTokenSpec',
};

/** Where the vendor's examples do not follow the vendor's own specification. */
const VENDOR_SLIPS = [/jobId: missing$/, /activityId: unknown$/, /"Job" is not listed$/, /transfer+edSize: /];

const exampleOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as unknown;

test('every example is tried', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    [...Object.keys(ANSWERS), ...Object.keys(OTHERS)].map((name) => `${name}.json`).sort(),
  );
});

test.each(Object.entries(ANSWERS))('the printed %s is read, and nothing of it lost', (name, [schema]) => {
  const example = exampleOf(name);

  expect(schema.parse(example)).toMatchObject(example as object);
});

test.each(
  Object.entries({ ...OTHERS, ...Object.fromEntries(Object.entries(ANSWERS).map(([n, [, s]]) => [n, s])) }),
)('the printed %s fits the specification, but for known slips', (name, schema) => {
  const violations = checkAgainst(specOf('vbr-1.2-rev1'), schema, exampleOf(name));

  expect(violations.filter((one) => !VENDOR_SLIPS.some((slip) => slip.test(one)))).toEqual([]);
});
