export { gatePath } from '../../client/needs-page.ts';

/** Where the forms of a gate for emergencies go. */
export function emergencyPath(way: 'spoken' | 'break-glass', runId: string, gate: string): string {
  return `${runPath(runId)}/${way}/${gate.split('/').map(encodeURIComponent).join('/')}`;
}

/** The page of a run. */
export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
