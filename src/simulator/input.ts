import { z } from 'zod';
import { SimulatorError } from './errors.ts';

/**
 * Reads a body or query whose property names may be spelt in any case, as ASP.NET does; unknown ones are ignored, and
 * no body is an empty one. Throws `INVALID_REQUEST`.
 */
export function readInput<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  input: unknown,
): z.output<z.ZodObject<Shape>> {
  const names = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  const spelt =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.fromEntries(
          Object.entries(input).flatMap(([key, value]: [string, unknown]) => {
            const name = names.get(key.toLowerCase());
            return name === undefined ? [] : [[name, value]];
          }),
        )
      : (input ?? {});
  const parsed = schema.safeParse(spelt);
  if (!parsed.success) {
    throw new SimulatorError('INVALID_REQUEST', `The request is invalid: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

/** A number or boolean as it stands in a query string. */
export const queryInteger = z.coerce.number().pipe(z.int().nonnegative());
export const queryBoolean = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false']))
  .transform((text) => text === 'true');
