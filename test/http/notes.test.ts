import { describe, expect, test } from 'vitest';
import { NOTE_LIMITS } from '../../src/client/notes.ts';
import { appForTest, RUN } from './app.ts';

const NOTES = `/api/v1/runs/${RUN}/notes`;

async function notesForTest() {
  const server = await appForTest();
  const operator = await server.login('operator');
  return {
    server,
    write: (payload: object) => server.ask(operator, 'POST', NOTES, payload),
    read: (url: string) => server.ask(operator, 'GET', url),
  };
}

const file = (bytes: Buffer, name = 'console.png') => ({ name, content: bytes.toString('base64') });

describe('a note', () => {
  test('of ten megabytes comes back as it was, as a download', async () => {
    const { write, read } = await notesForTest();
    const bytes = Buffer.alloc(NOTE_LIMITS.fileBytes, 'muster ');
    const { id } = (await write({ text: 'seen', attachment: file(bytes) })).json<{ id: string }>();
    const { headers, rawPayload } = await read(`${NOTES}/${id}/file`);
    expect(headers).toMatchObject({
      'content-disposition': 'attachment',
      'content-type': 'application/octet-stream',
    });
    expect(rawPayload.equals(bytes)).toBe(true);
  });

  test.each([
    ['that says nothing', { text: ' ' }, 'http.badRequest'],
    ['with control characters', { text: 'a\u001b[31m' }, 'http.badRequest'],
    [
      'with a file that is too large',
      { text: 'a', attachment: file(Buffer.alloc(NOTE_LIMITS.fileBytes + 1)) },
      'note.refused',
    ],
    ['with an empty file', { text: 'a', attachment: file(Buffer.alloc(0)) }, 'note.refused'],
    ['with a folder in the name', { text: 'a', attachment: file(Buffer.from('a'), '../a') }, 'note.refused'],
    ['with what is no base64', { text: 'a', attachment: { name: 'a', content: 'a-b' } }, 'http.badRequest'],
  ])('%s is refused', async (_, payload, code) => {
    const { write } = await notesForTest();
    expect((await write(payload)).json<{ code: string }>().code).toBe(code);
  });

  test('of another run is not given', async () => {
    const { server, write, read } = await notesForTest();
    const { id } = (await write({ text: 'seen', attachment: file(Buffer.from('a')) })).json<{ id: string }>();
    await server.stores.runs.begin({
      runId: 'other-1',
      firstExecutionId: 'other',
      runbook: 'dr-drill',
      digest: 'd'.repeat(64),
      mode: 'drill',
      purpose: 'exercise',
      starter: 'operator',
      startedAt: 1,
    });
    expect((await read(`/api/v1/runs/other-1/notes/${id}/file`)).statusCode).toBe(404);
  });
});
