import { VeeamError } from './errors.ts';
import type { CallSite } from './errors.ts';
import { wellFormed } from './text.ts';

export type Params = Readonly<Record<string, string>>;
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * What may stand in a path as an id: Veeam's are UUIDs. No dot, slash, percent or question mark, so that an id
 * can never become another path.
 */
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Fills `{name}` places of a path template and adds the query. Throws veeam.badInput naming the place
 * (not the value) when an id is not one.
 */
export function fillPath(template: string, site: CallSite, params: Params = {}, query: Query = {}): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (!SAFE_ID.test(value)) {
      throw new VeeamError('veeam.badInput', site, { detail: `${name} is not an id` });
    }
    return value;
  });
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(wellFormed(String(value)))}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
