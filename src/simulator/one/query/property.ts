import { SimulatorError } from '../../errors.ts';

/** An item of a collection, as it is answered. */
export type Item = Readonly<Record<string, unknown>>;

/** Where a property lies: its names as the item spells them. Nothing when the item does not have it. */
function stepInto(value: unknown, name: string): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (Object.hasOwn(value, name)) return [name, (value as Item)[name]];
  // Only the one value is read: some are made when they are.
  const spelt = Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase());
  return spelt === undefined ? undefined : [spelt, (value as Item)[spelt]];
}

/** A property by its name in any case; `alarmSource.objectName` looks into an object. Null when there is nothing. */
export function valueOf(item: Item, property: string): unknown {
  let value: unknown = item;
  for (const name of property.split('.')) value = stepInto(value, name)?.[1] ?? null;
  return value;
}

function has(item: Item, property: string): boolean {
  let value: unknown = item;
  for (const name of property.split('.')) {
    // Behind a null there might be anything.
    if (value === null) return true;
    const found = stepInto(value, name);
    if (found === undefined) return false;
    value = found[1];
  }
  return true;
}

/** Throws `INVALID_REQUEST` for a property that no item has. An empty collection has them all. */
export function checkProperties(items: readonly Item[], properties: readonly string[]): void {
  for (const property of properties) {
    if (items.length === 0 || items.some((item) => has(item, property))) continue;
    throw new SimulatorError(
      'INVALID_REQUEST',
      `There is no property ${property}. Use one of: ${Object.keys(items[0] ?? {}).join(', ')}.`,
    );
  }
}

/** An item with these properties only, each spelt as the item spells it. */
export function pick(item: Item, properties: readonly string[]): Item {
  const picked: Record<string, unknown> = {};
  for (const property of properties) {
    const [head = '', ...rest] = property.split('.');
    const found = stepInto(item, head);
    if (found === undefined) continue;
    const [name, value] = found;
    const inner = rest.length > 0 && typeof value === 'object' && value !== null;
    const before = picked[name];
    picked[name] = inner
      ? { ...(typeof before === 'object' ? before : {}), ...pick(value as Item, [rest.join('.')]) }
      : value;
  }
  return picked;
}
