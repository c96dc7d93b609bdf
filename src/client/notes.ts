import { randomUUID } from 'node:crypto';
import type { Control } from '../control/index.ts';
import { assertMay, type Action } from '../identity/index.ts';
import { sha256 } from '../ledger/digest.ts';
import type { Actor } from '../model/actor.ts';
import { without } from '../model/json.ts';
import type { Stores } from '../store/index.ts';
import { MusterError } from './errors.ts';
import type { NoteDesk } from './finding-requests.ts';
import { runNamed, type NamedRun } from './kept-run.ts';
import { isTyped } from './typed-text.ts';

/** What a note may hold. Photographs and logs fit; machines' images do not belong into a record. */
export const NOTE_LIMITS = {
  characters: 16_000,
  fileName: 200,
  fileBytes: 10 * 1024 * 1024,
  runBytes: 100 * 1024 * 1024,
} as const;

/** What notes are written with. */
export interface NoteParts {
  readonly control: Pick<Control, 'timelinePage'>;
  readonly stores: Pick<Stores, 'notes' | 'runs'>;
  readonly actor: () => Promise<Actor>;
  readonly now: () => number;
}

/** The operations on notes, done in this process. */
export function createNoteDesk(parts: NoteParts): NoteDesk {
  const { stores, actor: actorNow, now } = parts;
  const allowed = async (runId: string, action: Action): Promise<NamedRun & { person: string }> => {
    const actor = await actorNow();
    const run = await runNamed(runId, parts);
    assertMay(actor, action, { runbook: run.runbook });
    return { ...run, person: actor.person };
  };
  return {
    async add({ runId, text, attachment }) {
      const { firstExecutionId: run, person: by } = await allowed(runId, 'note.write');
      assertText(text);
      const file = attachment === undefined ? undefined : attached(attachment);
      const note = {
        id: `nt-${randomUUID().slice(0, 13)}`,
        run,
        runId,
        at: now(),
        by,
        text: text.trim(),
        ...(file !== undefined && { attachment: file }),
      };
      const kept = await stores.notes.add(note, attachment?.bytes, { maxRunBytes: NOTE_LIMITS.runBytes });
      if (kept === 'tooMuch') {
        throw refused(
          `A run has at most 1,000 notes, with 4 MB of text and ${megabytes(NOTE_LIMITS.runBytes)} of files together.`,
        );
      }
      return without(note, ['run']);
    },
    async list(runId) {
      const { firstExecutionId } = await allowed(runId, 'note.read');
      return stores.notes.ofRun(firstExecutionId);
    },
    async file({ runId, id }) {
      const { firstExecutionId } = await allowed(runId, 'note.read');
      const note = await stores.notes.find(id);
      if (note?.run !== firstExecutionId || note.attachment === undefined) {
        throw new MusterError('note.notFound', `The run has no note ${id} with a file.`);
      }
      return stores.notes.file(note.attachment.digest);
    },
  };
}

function assertText(text: string): void {
  if (text.trim() === '') throw refused('It says nothing.');
  if (text.length > NOTE_LIMITS.characters) {
    throw refused(`A note has at most ${NOTE_LIMITS.characters} characters. Attach a file for more.`);
  }
  if (!isTyped(text)) throw refused('It holds characters that nobody sees. Attach it as a file.');
}

function attached({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) {
  if (bytes.byteLength > NOTE_LIMITS.fileBytes) {
    throw refused(`A file may have ${megabytes(NOTE_LIMITS.fileBytes)}.`);
  }
  if (bytes.byteLength === 0) throw refused('The file is empty.');
  const isName = name.trim() !== '' && name.length <= NOTE_LIMITS.fileName && /^[^\p{Cc}/\\]+$/u.test(name);
  if (!isName) throw refused('The name of the file is none: at most 200 characters, and no folder.');
  return { name, bytes: bytes.byteLength, digest: sha256(bytes) };
}

function refused(why: string): MusterError {
  return new MusterError('note.refused', `The note was not kept. ${why}`);
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
