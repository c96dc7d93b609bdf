import { expect } from 'vitest';
import { checkAnswer, specOf } from '../support/spec-check.ts';
import type { Answer, Json, Site } from './support.ts';
import { site } from './support.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';

const SPEC = specOf('vbr-1.2-rev1');

/** A site seen through VBR's newest version. Every answer is held against the vendor's specification. */
export interface VbrSite extends Site {
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly get: (path: string) => Promise<Json>;
  /** The newest restore point of a VM's replica. */
  readonly newestPoint: (vm: string) => Promise<Json>;
  /** The state of a VM's replica. */
  readonly stateOf: (vm: string) => Promise<unknown>;
  /** Starts something with the newest points of VMs: `failover/failoverNow`. */
  readonly start: (what: string, vms: readonly string[], more?: object) => Promise<Answer>;
}

export async function vbrSite(options: SimulatorOptions = {}): Promise<VbrSite> {
  const here = await site(options);
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await here.vbr.call(method, path, body, { 'x-api-version': '1.2-rev1' });
    const { status, text } = answer;
    const found = text === '' ? undefined : (JSON.parse(text) as unknown);
    const route = path.split('?')[0] ?? path;
    expect(checkAnswer(SPEC, { method, path: route, status, body: found })).toEqual([]);
    return answer;
  };
  const get = async (path: string): Promise<Json> => (await call('GET', path)).json;
  const newestPoint = async (vm: string): Promise<Json> => {
    const [point] = (await get(`/api/v1/replicaPoints?nameFilter=${vm}&limit=1`)).data ?? [];
    if (point === undefined) throw new Error(`no replica point of ${vm}`);
    return point;
  };
  return {
    ...here,
    call,
    get,
    newestPoint,
    stateOf: async (vm) => (await newestPoint(vm))['state'],
    start: async (what, vms, more = {}) => {
      const points = await Promise.all(vms.map(newestPoint));
      const replicaPointIds = points.map(({ id }) => id);
      return call('POST', `/api/v1/${what}/vSphere/snapshot`, { replicaPointIds, ...more });
    },
  };
}

/** The sessions of an answer that started some. */
export function startedBy({ json }: Answer): readonly Json[] {
  return json.data ?? [];
}
