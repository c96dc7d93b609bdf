import { createRequire } from 'node:module';

const required = createRequire(import.meta.url);
const versionOf = (file: string): string => (required(file) as { version: string }).version;

/** What has a part in a run, and in which version. */
export function versionsNow(): { readonly [component: string]: string } {
  return {
    muster: versionOf('../../package.json'),
    node: process.versions.node,
    temporalSdk: versionOf('@temporalio/client/package.json'),
  };
}
