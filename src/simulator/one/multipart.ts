import { SimulatorError } from '../errors.ts';

/** The text fields of a multipart/form-data body. Throws `INVALID_REQUEST`. */
export async function fieldsOf(
  body: Buffer,
  contentType: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  try {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a login's few fields, within Fastify's limit for bodies
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    const fields: [string, string][] = [];
    form.forEach((value, name) => {
      if (typeof value === 'string') fields.push([name, value]);
    });
    return Object.fromEntries(fields);
  } catch (cause) {
    throw new SimulatorError('INVALID_REQUEST', 'The request is invalid: its form cannot be read.', {
      cause,
    });
  }
}
