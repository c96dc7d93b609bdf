import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gated } from '../../src/veeam/gate.ts';
import { settingsOf } from '../../src/veeam/options.ts';
import { withScope } from '../../src/veeam/scope.ts';
import type { HttpAnswer, Transport } from '../../src/veeam/transport.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const site = { connection: 'dr-site', call: 'GET /x', changes: false };

const answer = (status: number, retryAfter?: string): HttpAnswer => ({
  status,
  header: (name) => (name === 'retry-after' ? retryAfter : undefined),
  text: '',
});

/** A gate over a transport by hand: `sent` holds the requests on their way. */
function gateByHand(connections: number) {
  const sent: { at: number; answer: (given: HttpAnswer) => void }[] = [];
  const transport: Transport = {
    send: () => new Promise((resolve) => sent.push({ at: performance.now(), answer: resolve })),
    open: () => Promise.reject(new Error('not used')),
    close: async () => undefined,
  };
  const gate = gated(
    transport,
    settingsOf({ connection: 'dr-site', url: 'http://vro.example', limits: { connections } }),
  );
  const send = (totalMs = 60_000, signal?: AbortSignal) =>
    withScope({ site, totalMs, signal }, (scope) =>
      gate.send(site, scope, { method: 'GET', path: '/x', headers: {} }),
    );
  return { send, sent };
}

/** Lets everything happen that needs no time. */
const settle = () => vi.advanceTimersByTimeAsync(0);

test('no more requests are on their way than there are connections', async () => {
  const { send, sent } = gateByHand(4);
  void Array.from({ length: 50 }, () => send());
  await settle();
  expect(sent).toHaveLength(4);

  sent[0]?.answer(answer(200));
  await settle();

  expect(sent).toHaveLength(5);
});

test('of fifty readers only those on their way are sent when silence begins', async () => {
  const { send, sent } = gateByHand(4);
  void Array.from({ length: 50 }, () => send());
  await settle();

  sent[0]?.answer(answer(429, '10'));
  for (const { answer: give } of sent.slice(1)) give(answer(200));
  await vi.advanceTimersByTimeAsync(9_999);
  expect(sent).toHaveLength(4);

  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent).toHaveLength(8);
});

test('those who waited come back spread, not in one moment', async () => {
  const { send, sent } = gateByHand(8);
  void send();
  await settle();
  sent[0]?.answer(answer(503, '10'));
  await settle();
  void Array.from({ length: 8 }, () => send());

  await vi.advanceTimersByTimeAsync(12_000);

  const times = sent.slice(1).map(({ at }) => at);
  expect(times).toHaveLength(8);
  expect(new Set(times).size).toBeGreaterThan(4);
});

test('a reader who gives up his place in the queue leaves it to the next', async () => {
  const { send, sent } = gateByHand(1);
  const impatient = new AbortController();
  void send();
  const second = send(60_000, impatient.signal).catch((error: unknown) => error);
  void send();
  await settle();

  impatient.abort();
  sent[0]?.answer(answer(200));
  await settle();

  expect(await second).toMatchObject({ code: 'veeam.cancelled' });
  expect(sent).toHaveLength(2);
});
