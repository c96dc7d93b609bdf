import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { demoScenario } from './demo-scenario.ts';
import { SimulatorError } from './errors.ts';
import { largeScenario } from './large-scenario.ts';
import type { Scenario } from './scenario.ts';
import { parseScenario } from './scenario.ts';

/** The scenarios that come with the simulator, by name. */
export const BUILT_IN_SCENARIOS: Readonly<Record<string, () => Scenario>> = {
  demo: () => demoScenario,
  large: largeScenario,
};

/** A hand-written world is far below it; beyond it is a mistake, or an attack by aliases. */
const MAX_FILE_BYTES = 32 * 2 ** 20;
const MAX_ALIASES = 1_000;

const HINT = `Compare it with the demo scenario, or use one of the built-in ones: ${Object.keys(BUILT_IN_SCENARIOS).join(', ')}.`;

/**
 * Reads a scenario from a YAML (or JSON) file and checks it. Throws `SCENARIO_UNREADABLE` when there is no such file,
 * `INVALID_SCENARIO` when it is not YAML (with line and column) or not a scenario (with the path of what is wrong).
 */
export async function readScenarioFile(path: string): Promise<Scenario> {
  const scenario = yamlOf(await textOf(path), path);
  try {
    parseScenario(scenario);
  } catch (cause) {
    if (!(cause instanceof SimulatorError)) throw cause;
    throw new SimulatorError('INVALID_SCENARIO', `${path}: ${cause.message}\n${HINT}`, { cause });
  }
  // Just checked; startSimulator reads it once more and fills the defaults in.
  return scenario as Scenario;
}

async function textOf(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new SimulatorError(
      'SCENARIO_UNREADABLE',
      `The scenario ${path} cannot be read (${reason}). Give the path of a YAML file, or one of: ${Object.keys(BUILT_IN_SCENARIOS).join(', ')}.`,
      { cause },
    );
  }
  if (bytes.length <= MAX_FILE_BYTES) return bytes.toString('utf8');
  throw new SimulatorError(
    'SCENARIO_UNREADABLE',
    `The scenario ${path} has ${bytes.length} bytes; at most ${MAX_FILE_BYTES} are read.`,
  );
}

function yamlOf(text: string, path: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new SimulatorError(
      'INVALID_SCENARIO',
      `${path}:${line}:${col}: this is not YAML: ${error.message}`,
      { cause: error },
    );
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (cause) {
    throw new SimulatorError('INVALID_SCENARIO', `${path}: it has too many aliases.`, { cause });
  }
}
