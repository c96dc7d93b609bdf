import type { CallOptions } from '../calls.ts';
import { VeeamError } from '../errors.ts';
import type { Params } from '../path.ts';
import { licenseUsage as schema } from '../schemas/license-usage.ts';
import type { LicenseUsage } from '../types.ts';
import { VRO_OPERATIONS } from './operations.ts';
import type { VroCalls } from './vro-calls.ts';

/** The spellings that are seen in the wild, the documented one first. */
export const LICENSE_PATHS = ['/License/Usage', '/LicenseUsage'] as const;

export type LicensePath = (typeof LICENSE_PATHS)[number];

/** License instances in use. */
export interface LicenseUsages {
  /** By all plans of the server. */
  server(options?: CallOptions): Promise<LicenseUsage>;
  scope(scopeId: string, options?: CallOptions): Promise<LicenseUsage>;
  plan(planId: string, options?: CallOptions): Promise<LicenseUsage>;
}

type Verb = 'licenseUsage.server' | 'licenseUsage.scope' | 'licenseUsage.plan';

type Path = (typeof VRO_OPERATIONS)[Verb]['path'];

function respelled(path: Path, spelling: LicensePath): `/${string}` {
  return `${spelling}${path.slice(LICENSE_PATHS[0].length)}`;
}

/** `first` is tried first. When the server does not know it, the other spelling is tried, and kept once it worked. */
export function licenseUsages(calls: VroCalls, first: LicensePath): LicenseUsages {
  let known: LicensePath | undefined;

  const ask = (verb: Verb, spelling: LicensePath, params: Params, options?: CallOptions) =>
    calls.caller.read(
      { call: `GET ${respelled(VRO_OPERATIONS[verb].path, spelling)}`, params, schema },
      options,
    );

  const usage = async (verb: Verb, params: Params, options?: CallOptions): Promise<LicenseUsage> => {
    if (known !== undefined) return ask(verb, known, params, options);
    const second = LICENSE_PATHS.find((path) => path !== first) ?? first;
    let refusal: unknown;
    for (const spelling of [first, second]) {
      try {
        const found = await ask(verb, spelling, params, options);
        known = spelling;
        return found;
      } catch (error) {
        if (!(error instanceof VeeamError) || error.code !== 'veeam.notFound') throw error;
        // Both unknown: it is the scope or the plan that does not exist, and the configured spelling says so.
        refusal ??= error;
      }
    }
    throw refusal;
  };

  return {
    server: (options) => usage('licenseUsage.server', {}, options),
    scope: (scopeId, options) => usage('licenseUsage.scope', { scopeId }, options),
    plan: (planId, options) => usage('licenseUsage.plan', { planId }, options),
  };
}
