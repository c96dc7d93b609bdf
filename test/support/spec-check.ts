import { readFileSync } from 'node:fs';

/** A type of a vendor's specification, as test/specs/*.json keeps it. An empty one takes anything. */
export type SpecType = {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly nullable?: boolean;
  readonly items?: SpecType;
  readonly properties?: Readonly<Record<string, SpecType>>;
  readonly required?: readonly string[];
  /** The property whose value names the schema that holds instead of this one. */
  readonly discriminator?: { readonly property: string; readonly mapping: Readonly<Record<string, string>> };
};

/** One call of the vendor's API. `answers` names a schema per status, or null where there is no body. */
export type SpecOperation = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, SpecType>>;
  /** The schema of the request's body; form-encoded when `form` is set. */
  readonly body?: string;
  readonly form?: boolean;
  readonly answers: Readonly<Record<string, string | null>>;
};

/**
 * Operations and types of one API version. Bases of inheriting types are merged into them.
 * Veeam ONE's document names no required fields: those it types as never null count as required.
 */
export type Spec = {
  readonly product: string;
  readonly version: string;
  readonly operations: readonly SpecOperation[];
  readonly schemas: Readonly<Record<string, SpecType>>;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: (text) => UUID.test(text),
  'date-time': (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)),
};

/** The specification kept for a product. */
export function specOf(name: 'vbr-1.2-rev1' | 'one-2.3'): Spec {
  // Data of this repository, written by its own generator: trusted as it is.
  return JSON.parse(readFileSync(new URL(`../specs/${name}.json`, import.meta.url), 'utf8')) as Spec;
}

/** The operation that a request's method and path (without query) belong to; fixed segments win over `{id}`. */
export function operationOf(spec: Spec, method: string, path: string): SpecOperation | undefined {
  const fits = spec.operations.filter(
    (operation) => operation.method === method && patternOf(operation.path).test(path),
  );
  return fits.sort((a, b) => holes(a.path) - holes(b.path))[0];
}

/**
 * Checks the answer to a request as the specification of its operation says: is there such a call and such a status,
 * and does the body (undefined: none) fit? `partial` allows missing fields, for answers to a `Select`.
 */
export function checkAnswer(
  spec: Spec,
  { method, path, status, body }: { method: string; path: string; status: number; body: unknown },
  { partial = false }: { partial?: boolean } = {},
): string[] {
  const operation = operationOf(spec, method, path);
  if (operation === undefined) return [`${method} ${path}: no such operation`];
  const schema = operation.answers[String(status)];
  if (schema === undefined) return [`${method} ${path}: status ${status} is not listed`];
  if (schema === null || (status === 204 && body === undefined)) {
    return body === undefined ? [] : [`${method} ${path}: a body where none is listed`];
  }
  return checkAgainst(spec, schema, body, { partial });
}

/**
 * What is wrong with `value` as a `schemaName`: missing required fields, wrong types, values outside enums,
 * unknown fields. Null passes where the field is not required: the vendor's own examples print it there.
 */
export function checkAgainst(
  spec: Spec,
  schemaName: string,
  value: unknown,
  { partial = false }: { partial?: boolean } = {},
): string[] {
  const violations: string[] = [];
  check({ $ref: schemaName }, value, schemaName);
  return violations;

  function check(type: SpecType, found: unknown, where: string): void {
    const told = (problem: string) => void violations.push(`${where}: ${problem}`);
    if (found === null && type.nullable === true) return;
    if (type.$ref !== undefined) {
      const target = spec.schemas[type.$ref];
      if (target === undefined) told(`the specification has no ${type.$ref}`);
      else check(target, found, where);
      return;
    }
    if (type.type === undefined) return;
    if (found === null) {
      if (type.nullable !== true) told(`null instead of ${type.type}`);
      return;
    }
    if (!isOf(type.type, found)) {
      told(`${kindOf(found)} instead of ${type.type}`);
      return;
    }
    if (Array.isArray(found)) {
      const items = type.items ?? {};
      found.forEach((item: unknown, index) => check(items, item, `${where}[${index}]`));
    } else if (typeof found === 'object') checkObject(type, found, where);
    else if (typeof found === 'string') {
      if (type.enum?.includes(found) === false) told(`"${found}" is not listed`);
      if (FORMATS[type.format ?? '']?.(found) === false) told(`"${found}" is not a ${type.format}`);
    }
  }

  function checkObject(type: SpecType, found: object, where: string): void {
    const fields = new Map<string, unknown>(Object.entries(found));
    const variant = type.discriminator?.mapping[String(fields.get(type.discriminator.property))];
    if (variant !== undefined) {
      check({ $ref: variant }, found, where);
      return;
    }
    const { properties = {}, required = [] } = type;
    for (const name of partial ? [] : required) {
      if (fields.get(name) === undefined) violations.push(`${where}.${name}: missing`);
    }
    for (const [name, field] of fields) {
      const expected = properties[name];
      if (expected === undefined) violations.push(`${where}.${name}: unknown`);
      else if (field !== undefined && (field !== null || required.includes(name))) {
        check(expected, field, `${where}.${name}`);
      }
    }
  }
}

function isOf(type: NonNullable<SpecType['type']>, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return kindOf(value) === type;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function patternOf(template: string): RegExp {
  const parts = template
    .split(/\{\w+\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]+')}$`, 'i');
}

function holes(template: string): number {
  return template.split('{').length - 1;
}
