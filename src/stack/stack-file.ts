import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readFileIfThere, writeFileAtomically } from './atomic-file.ts';
import { commandLineOf, endProcess } from './process-identity.ts';
import { StackError } from './stack-error.ts';

const pid = z.int().positive();

const stackSchema = z.object({
  version: z.literal(1),
  /** The process that runs the stack. */
  pid,
  /** ISO time. */
  startedAt: z.string(),
  temporal: z.object({
    pid,
    /** For Temporal clients: `host:port`. Absent while the server is being started. */
    address: z.string().optional(),
    uiUrl: z.string().optional(),
    namespace: z.string(),
    dbFile: z.string(),
  }),
  /** Everything else that listens, by name: the simulator's servers. */
  urls: z.record(z.string(), z.string()).default({}),
});

/** What runs where: written by a running stack for the commands that talk to it. */
export type StackFile = Readonly<z.infer<typeof stackSchema>>;

const pathIn = (folder: string) => join(folder, 'stack.json');

/** Writes `<folder>/stack.json`, in one go. */
export async function writeStackFile({ folder, stack }: { folder: string; stack: StackFile }): Promise<void> {
  await writeFileAtomically(pathIn(folder), `${JSON.stringify(stack, null, 2)}\n`, 0o600);
}

/**
 * Reads `<folder>/stack.json`; undefined when there is none. That it is there does not say that the stack still runs.
 *
 * @throws StackError `stack.fileUnreadable`
 */
export async function readStackFile({ folder }: { folder: string }): Promise<StackFile | undefined> {
  const text = await readFileIfThere(pathIn(folder));
  if (text === undefined) return undefined;
  try {
    return stackSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new StackError('stack.fileUnreadable', `${pathIn(folder)} is not a stack file of this version.`, {
      cause: error,
    });
  }
}

/** Removes `<folder>/stack.json`, if it is there. */
export async function removeStackFile({ folder }: { folder: string }): Promise<void> {
  await rm(pathIn(folder), { force: true });
}

/**
 * Ends the Temporal server of a stack that was killed: two servers on one database would destroy it. Only a process
 * that still is a Temporal dev server on that very file is touched, whatever else has been given its id since.
 *
 * @returns whether there was one
 */
export async function endOrphanedServer({
  pid: recorded,
  dbFile,
}: {
  pid: number;
  dbFile: string;
}): Promise<boolean> {
  const commandLine = await commandLineOf(recorded);
  if (commandLine === undefined || !isServerOn(dbFile, commandLine)) return false;
  await endProcess(recorded);
  return true;
}

function isServerOn(dbFile: string, commandLine: string): boolean {
  const [program = ''] = commandLine.split(' server start-dev ');
  return basename(program).startsWith('temporal') && `${commandLine} `.includes(` --db-filename ${dbFile} `);
}
