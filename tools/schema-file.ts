import { format, resolveConfig } from 'prettier';
import { runbookSchema } from '../src/language/index.ts';

/** runbooks/runbook.schema.json: the language for editors, made of the vocabulary and the catalog. */
export async function schemaFile(): Promise<string> {
  const options = await resolveConfig(import.meta.filename);
  return format(JSON.stringify(runbookSchema()), { ...options, parser: 'json' });
}
