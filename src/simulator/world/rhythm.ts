import { stableId } from '../ids.ts';
import type { RhythmSpec } from '../scenario/protection-spec.ts';

/** One restore point. */
export interface RestorePoint {
  /** The same in every process for the same scenario, whenever it started. */
  readonly id: string;
  /** When it was made, in simulated milliseconds. */
  readonly at: number;
}

/** A time in which no points are made: from `from`, up to but without `to`. */
export interface Pause {
  readonly from: number;
  readonly to: number;
}

/** What makes restore points: of one VM by one job. */
export interface PointSource {
  /** Its place in the world, by which its points are found again. */
  readonly ordinal: number;
  /** What its points are of: an id. */
  readonly ownerId: string;
  readonly rhythm: RhythmSpec;
}

/** A rhythm of which some is different. */
export function rhythmWith(
  rhythm: RhythmSpec,
  own: { readonly [Name in keyof RhythmSpec]?: RhythmSpec[Name] | undefined } = {},
): RhythmSpec {
  return {
    everySeconds: own.everySeconds ?? rhythm.everySeconds,
    points: own.points ?? rhythm.points,
    newestAgeSeconds: own.newestAgeSeconds ?? rhythm.newestAgeSeconds,
    isStopped: own.isStopped ?? rhythm.isStopped,
  };
}

/** Moves the numbers of points, which count from the newest one at the start, out of the negative. */
const NUMBER_OFFSET = 2 ** 40;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id says where the point belongs and which one it is, so that nothing needs to be kept to find it again. */
function pointId({ ordinal, ownerId }: PointSource, number: number): string {
  const hash = stableId(`${ownerId}/point/${number}`);
  const last = (number + NUMBER_OFFSET).toString(16).padStart(12, '0');
  return `${ordinal.toString(16).padStart(8, '0')}${hash.slice(8, 24)}${last}`;
}

/** The id is made when somebody asks for it: most points are only counted, filtered or ordered. */
function pointAt(source: PointSource, number: number, at: number): RestorePoint {
  return {
    at,
    get id() {
      return pointId(source, number);
    },
  };
}

/** The place in the world that a point's id speaks of, or undefined when it is no such id. */
export function ordinalOf(id: string): number | undefined {
  return UUID.test(id) ? Number.parseInt(id.slice(0, 8), 16) : undefined;
}

/** How many times it was due since the newest point at the start. */
function numberAt(rhythm: RhythmSpec, origin: number, now: number): number {
  return rhythm.isStopped ? 0 : Math.floor((now - origin) / (rhythm.everySeconds * 1000));
}

/** When it was due last. */
export function newestAt(rhythm: RhythmSpec, { start, now }: { start: number; now: number }): number {
  const origin = start - rhythm.newestAgeSeconds * 1000;
  return Math.round(origin + numberAt(rhythm, origin, now) * rhythm.everySeconds * 1000);
}

/** The points that are kept at `now`, newest first. `start` is when the world started. */
export function pointsOf(
  source: PointSource,
  { start, now, pauses = [] }: { start: number; now: number; pauses?: readonly Pause[] },
): RestorePoint[] {
  const { rhythm } = source;
  const every = rhythm.everySeconds * 1000;
  const origin = start - rhythm.newestAgeSeconds * 1000;
  const oldest = 1 - rhythm.points;
  const points: RestorePoint[] = [];
  let number = numberAt(rhythm, origin, now);
  while (points.length < rhythm.points && number >= oldest) {
    const at = Math.round(origin + number * every);
    const pause = pauses.find(({ from, to }) => at >= from && at < to);
    if (pause === undefined) {
      points.push(pointAt(source, number, at));
      number -= 1;
    } else {
      number = Math.ceil((pause.from - origin) / every) - 1;
    }
  }
  return points;
}
