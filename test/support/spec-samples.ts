import fc from 'fast-check';
import type { Spec, SpecType } from './spec-check.ts';

/** How long lists get: the parsers do the same for every item. */
const MAX_ITEMS = 3;

/**
 * Any value that fits a schema of a specification. Fields that are not required may be absent or, as in the
 * vendor's own examples, null.
 */
export function arbitraryOf(spec: Spec, schemaName: string): fc.Arbitrary<unknown> {
  return arbitrary({ $ref: schemaName });

  function arbitrary(type: SpecType): fc.Arbitrary<unknown> {
    const plain = notNull(type);
    return type.nullable === true ? fc.option(plain) : plain;
  }

  function notNull(type: SpecType): fc.Arbitrary<unknown> {
    if (type.$ref !== undefined) return arbitrary(spec.schemas[type.$ref] ?? {});
    if (type.type === undefined) return fc.jsonValue({ maxDepth: 1 });
    switch (type.type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.nat();
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'string':
        return text(type);
      case 'array':
        return fc.array(arbitrary(type.items ?? {}), { maxLength: MAX_ITEMS });
      case 'object':
        return object(type);
    }
  }

  function object(type: SpecType): fc.Arbitrary<unknown> {
    const { discriminator } = type;
    if (discriminator === undefined) return fields(type, {});
    const { property, mapping } = discriminator;
    const variants = Object.entries(mapping).map(([value, schema]) =>
      fields(spec.schemas[schema] ?? {}, { [property]: fc.constant(value) }),
    );
    const others = valuesOf(type.properties?.[property]).filter((value) => !(value in mapping));
    const bare = others.length === 0 ? [] : [fields(type, { [property]: fc.constantFrom(...others) })];
    return fc.oneof(...variants, ...bare);
  }

  function fields(
    { properties = {}, required = [] }: SpecType,
    fixed: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  ): fc.Arbitrary<unknown> {
    const all = Object.entries(properties).map(([name, type]) => [
      name,
      required.includes(name) ? arbitrary(type) : fc.option(arbitrary(type)),
    ]);
    const model = Object.fromEntries(all) as Record<string, fc.Arbitrary<unknown>>;
    return fc.record({ ...model, ...fixed }, { requiredKeys: [...required, ...Object.keys(fixed)] });
  }

  function valuesOf(type: SpecType | undefined): readonly string[] {
    if (type === undefined) return [];
    return type.enum ?? valuesOf(type.$ref === undefined ? undefined : spec.schemas[type.$ref]);
  }
}

/** One value that fits, the same at every call. */
export function sampleOf(spec: Spec, schemaName: string): unknown {
  return fc.sample(arbitraryOf(spec, schemaName), { numRuns: 1, seed: 1 })[0];
}

function text(type: SpecType): fc.Arbitrary<string> {
  if (type.enum !== undefined) return fc.constantFrom(...type.enum);
  if (type.format === 'uuid') return fc.uuid();
  if (type.format === 'date-time') {
    const bounds = { min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
    return fc.date(bounds).map((date) => date.toISOString());
  }
  return fc.string({ minLength: 1 });
}
