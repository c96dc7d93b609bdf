import { z } from 'zod';
import { COLLATIONS, DEFAULT_COLLATION } from './collation.ts';

/** A name in any case, as the vendor's server takes it. */
function anyCase<const T extends readonly [string, ...string[]]>(names: T) {
  return z
    .string()
    .transform((text) => names.find((name) => name.toLowerCase() === text.toLowerCase()) ?? text)
    .pipe(z.enum(names));
}

const RELATIONS = [
  'in',
  'contains',
  'subset',
  'superset',
  'equals',
  'notEquals',
  'lessThan',
  'lessThanOrEqual',
  'greaterThan',
  'greaterThanOrEqual',
] as const;
const CONNECTIVES = ['and', 'or', 'not', 'exclusiveOr'] as const;

export type Relation = (typeof RELATIONS)[number];
export type Connective = (typeof CONNECTIVES)[number];

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.output<typeof scalar>;

const property = z.string().min(1);
const collation = anyCase(COLLATIONS).default(DEFAULT_COLLATION);

const relationSchema = z.object({
  property,
  operation: anyCase(RELATIONS),
  collation,
  value: z.union([scalar, z.array(scalar)]),
});
export type RelationExpression = z.output<typeof relationSchema>;

export type Expression = RelationExpression | { operation: Connective; items: Expression[] };

/** Deeper nesting is a mistake or an attack. */
const MAX_DEPTH = 32;

function expressionSchema(depth: number): z.ZodType<Expression> {
  return z.lazy(() => {
    const deeper = depth < MAX_DEPTH ? z.array(expressionSchema(depth + 1)).min(1) : z.never();
    return z.union([relationSchema, z.object({ operation: anyCase(CONNECTIVES), items: deeper })]);
  });
}

/** One Filter: property names of the expression itself in any case, and `item` for `items`, as the vendor's text has it. */
export const filterSchema = z.unknown().transform(spelt).pipe(expressionSchema(0));

/** One Sort, or several. */
export const sortSchema = z
  .unknown()
  .transform(spelt)
  .transform((value): unknown => (Array.isArray(value) ? value : [value]))
  .pipe(
    z.array(
      z.object({
        property,
        direction: anyCase(['ascending', 'descending']).default('ascending'),
        collation,
      }),
    ),
  );
export type Sort = z.output<typeof sortSchema>[number];

/** The same value with the keys of its objects in lower case. */
function spelt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelt);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]: [string, unknown]) => {
      const name = key.toLowerCase();
      return [name === 'item' ? 'items' : name, name === 'value' ? entry : spelt(entry)];
    }),
  );
}
