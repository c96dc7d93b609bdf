import { format, resolveConfig } from 'prettier';

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A Markdown page as the formatter wants it. */
export async function page(text: string): Promise<string> {
  const options = await resolveConfig(import.meta.filename);
  return format(text, { ...options, parser: 'markdown' });
}
