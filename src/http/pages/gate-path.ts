/** The page of a gate. Each part of its path is one segment of the address. */
export function gatePath(runId: string, gate: string): string {
  return `${runPath(runId)}/gates/${gate.split('/').map(encodeURIComponent).join('/')}`;
}

/** Where the forms of a gate for emergencies go. */
export function emergencyPath(way: 'spoken' | 'break-glass', runId: string, gate: string): string {
  return `${runPath(runId)}/${way}/${gate.split('/').map(encodeURIComponent).join('/')}`;
}

/** The page of a run. */
export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
