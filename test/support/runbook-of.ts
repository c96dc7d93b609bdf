/** A runbook of these lines, from `inputs:` or `steps:` on. */
export function runbookOf(lines: string, name = 'test'): string {
  return `apiVersion: muster/v1\nname: ${name}\nconnections: { vro: dr-site, vbr: dr-backup, one: hq }\n${lines}`;
}
