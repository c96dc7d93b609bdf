import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { Prompt, withPrompt } from '../../src/cli/prompt.ts';

/** A terminal of two streams: what is typed, and what is seen. */
function terminal({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const seen: string[] = [];
  stderr.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
  const interrupt = new AbortController();
  const world = { stdin, stderr, signal: interrupt.signal };
  return { world, stdin, interrupt, seen: () => stripVTControlCharacters(seen.join('')) };
}

test('a name is shown while it is typed, a password is not', async () => {
  const { world, stdin, seen } = terminal();
  const answers = await withPrompt(world, async (prompt) => {
    const name = prompt.ask('Name: ');
    stdin.write('anna\r');
    await name;
    const password = prompt.askSecretly('Password: ');
    stdin.write('hidden\r');
    return [await name, await password];
  });
  expect(answers).toEqual(['anna', 'hidden']);
  expect(seen()).toMatch(/Name: anna\s+Password: /);
  expect(seen()).not.toContain('hidden');
});

test('a password that is corrected while it is typed stays hidden', async () => {
  const { world, stdin, seen } = terminal();
  const answer = await withPrompt(world, async (prompt) => {
    const password = prompt.askSecretly('Password: ');
    stdin.write('hiddem\u007fn\r');
    return password;
  });
  expect([answer, seen().includes('hidde')]).toEqual(['hidden', false]);
});

test('lines of a pipe answer one question each, and an end answers the rest', async () => {
  const { world, stdin, seen } = terminal({ isTTY: false });
  stdin.end('anna\nhidden');
  const answers = await withPrompt(world, async (prompt) => [
    await prompt.ask('Name: '),
    await prompt.askSecretly('Password: '),
    await prompt.ask('Passcode: '),
  ]);
  expect([answers, seen()]).toEqual([['anna', 'hidden', ''], '']);
});

test('Ctrl-C at a terminal ends the question', async () => {
  const { world, stdin } = terminal();
  const prompt = new Prompt(world);
  const answer = prompt.askSecretly('Password: ');
  stdin.write('\u0003');
  await expect(answer).rejects.toMatchObject({ code: 'cli.interrupted' });
});

test('a signal ends the question', async () => {
  const { world, interrupt } = terminal({ isTTY: false });
  const prompt = new Prompt(world);
  const answer = prompt.ask('Name: ');
  interrupt.abort();
  await expect(answer).rejects.toMatchObject({ code: 'cli.interrupted' });
});
