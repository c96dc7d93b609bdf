import { setHandler } from '@temporalio/workflow';
import type { JsonObject } from '../src/model/json.ts';
import { cancelSignal, voteSignal } from './messages.ts';

/** Keeps votes that arrive before the runbook is loaded: handlers are there before the first await. */
export class EarlyVotes {
  #receive: (jws: string) => void;
  readonly #kept: string[] = [];

  constructor() {
    this.#receive = (jws) => this.#kept.push(jws);
    setHandler(voteSignal, (message) => this.#receive(jwsOf(message)));
    setHandler(cancelSignal, (message) => this.#receive(jwsOf(message)));
  }

  take(): string[] {
    return this.#kept.splice(0);
  }

  handOver(receive: (jws: string) => void): void {
    this.#receive = receive;
  }
}

/** Anyone who reaches Temporal can send anything: what is no vote is verified, and refused, as an empty one. */
function jwsOf(message: unknown): string {
  const jws: unknown =
    typeof message === 'object' && message !== null ? (message as JsonObject)['jws'] : undefined;
  return typeof jws === 'string' ? jws.slice(0, 8_192) : '';
}
