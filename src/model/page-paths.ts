/**
 * Where the pages of a server are, as paths. Each part of the path of a step is one segment, whatever characters it has.
 */
const segments = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The page of a run. */
export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}

/** The page of one of its gates. */
export function gatePath(runId: string, gate: string): string {
  return `${runPath(runId)}/gates/${segments(gate)}`;
}

/** Where the forms of a gate for emergencies go. */
export function emergencyPath(way: 'spoken' | 'break-glass', runId: string, gate: string): string {
  return `${runPath(runId)}/${way}/${segments(gate)}`;
}
