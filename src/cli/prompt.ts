import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from './cli-error.ts';
import type { CliWorld } from './context.ts';

/** Asks questions and reads the answers, each a line: from a terminal, or one after the other from a pipe. */
export class Prompt {
  readonly #stderr: CliWorld['stderr'];
  readonly #isTerminal: boolean;
  readonly #lines: AsyncIterator<string, undefined>;
  readonly #interface: Interface;
  readonly #end: () => void;
  readonly #signal: AbortSignal;
  #isMuted = false;
  #isInterrupted = false;

  constructor({ stdin, stderr, signal }: Pick<CliWorld, 'stdin' | 'stderr' | 'signal'>) {
    this.#stderr = stderr;
    this.#signal = signal;
    this.#isTerminal = stdin.isTTY === true;
    // What is typed is echoed by readline, which writes here; a password is not passed on.
    const echo = new Writable({
      write: (chunk: Buffer, _encoding, written) => {
        if (!this.#isMuted) stderr.write(chunk);
        written();
      },
    });
    this.#interface = createInterface({
      input: stdin,
      output: echo,
      terminal: this.#isTerminal,
      historySize: 0,
    });
    this.#lines = this.#interface[Symbol.asyncIterator]();
    this.#end = () => {
      this.#isInterrupted = true;
      this.#interface.close();
    };
    // While a terminal is read letter by letter, Ctrl-C is a letter and no signal.
    this.#interface.on('SIGINT', this.#end);
    if (signal.aborted) this.#end();
    else signal.addEventListener('abort', this.#end, { once: true });
  }

  /** Whether a person is asked, and not a pipe. */
  get isTerminal(): boolean {
    return this.#isTerminal;
  }

  /** Empty when nothing more comes. @throws CliError `cli.interrupted` */
  async ask(question: string): Promise<string> {
    return this.#read(question, false);
  }

  /** The same, without showing what is typed. */
  async askSecretly(question: string): Promise<string> {
    return this.#read(question, true);
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#end);
    this.#interface.close();
  }

  async #read(question: string, isSecret: boolean): Promise<string> {
    if (this.#isTerminal) {
      // Readline draws the line anew when somebody corrects it, so the question has to be its own.
      this.#interface.setPrompt(question);
      this.#interface.prompt();
    }
    this.#isMuted = isSecret;
    const { done, value } = await this.#lines.next();
    // The line break that ends a hidden answer was hidden with it.
    if (this.#isTerminal && isSecret) this.#stderr.write('\n');
    this.#isMuted = false;
    if (this.#isInterrupted) throw new CliError('cli.interrupted', 'Interrupted; nothing was done.');
    return done === true ? '' : value;
  }
}

/** Asks what `work` needs, and lets go of the input however that ends. */
export async function withPrompt<T>(
  world: Pick<CliWorld, 'stdin' | 'stderr' | 'signal'>,
  work: (prompt: Prompt) => Promise<T>,
): Promise<T> {
  const prompt = new Prompt(world);
  try {
    return await work(prompt);
  } finally {
    prompt.close();
  }
}
