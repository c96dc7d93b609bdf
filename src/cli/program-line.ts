import type { StackOptions } from './stack-door.ts';

/** How a person calls muster from where they are. */
export const PROGRAM = 'npx muster';

/** What needs no quotes in a shell. */
const BARE = /^[\w./@:-]+$/;

/** How a person calls muster so that it finds the same configuration and stack: `npx muster --data x`. */
export function programLine({ configFile, dataDir }: StackOptions): string {
  return [PROGRAM, ...given('--config', configFile), ...given('--data', dataDir)].join(' ');
}

function given(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, BARE.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`];
}
