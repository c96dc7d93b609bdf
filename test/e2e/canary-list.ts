import { writtenBytes, writtenForms } from '../support/secret-search.ts';

/** What was seen in places, a byte a character: texts by the name of the place. */
export type Places = Readonly<Record<string, readonly string[]>>;

const MIN_LENGTH = 20;

/** Secrets by name, and which of them somebody has got or has proven: what nobody uses is found nowhere. */
export class CanaryList {
  readonly #secrets = new Map<string, string | Buffer>();
  readonly #used = new Set<string>();

  /** @throws Error for a name that is there already, or what is too short to be told from anything else */
  add(name: string, secret: string | Buffer): void {
    if (this.#secrets.has(name) || secret.length < MIN_LENGTH) throw new Error(`${name} is no canary`);
    this.#secrets.set(name, secret);
  }

  /** One that is in use as it is added, or handed in at once. */
  used<Secret extends string | Buffer>(name: string, secret: Secret): Secret {
    this.add(name, secret);
    this.#used.add(name);
    return secret;
  }

  /** @throws Error when there is no such text */
  get(name: string): string {
    const secret = this.#secrets.get(name);
    if (typeof secret !== 'string') throw new Error(`no canary is called ${name}`);
    return secret;
  }

  /** A server got this: those in it, in whatever form, are used. */
  saw(text: string): void {
    const bytes = Buffer.from(text).toString('latin1');
    for (const [name, secret] of this.#secrets) {
      if (!this.#used.has(name) && formsOf(secret).some((form) => bytes.includes(form))) this.#used.add(name);
    }
  }

  /** What could not have been without them: a signature, or a login at somebody who tells nothing. */
  prove(isProven: boolean, ...names: readonly string[]): void {
    for (const name of names) {
      this.get(name);
      if (isProven) this.#used.add(name);
    }
  }

  get all(): ReadonlyMap<string, string | Buffer> {
    return this.#secrets;
  }

  get unused(): readonly string[] {
    return [...this.#secrets.keys()].filter((name) => !this.#used.has(name));
  }

  /** Where each stands that stands anywhere: `place: name`. */
  foundIn(places: Places): readonly string[] {
    return Object.entries(places).flatMap(([place, texts]) => {
      const all = texts.map(comparable);
      const names = [...this.#secrets].filter(([, secret]) => isIn(all, secret)).map(([name]) => name);
      return names.map((name) => `${place}: ${name}`);
    });
  }
}

/** The places in which a text stands, in any form and any case. */
export function placesWith(text: string, places: Places): readonly string[] {
  return Object.entries(places)
    .filter(([, texts]) => isIn(texts.map(comparable), text))
    .map(([place]) => place);
}

/** As {@link Places} are, a byte a character. */
function formsOf(secret: string | Buffer): readonly string[] {
  return typeof secret === 'string'
    ? writtenForms(secret).map((form) => Buffer.from(form).toString('latin1'))
    : [secret.toString('latin1'), ...writtenBytes(secret)];
}

function isIn(comparables: readonly string[], secret: string | Buffer): boolean {
  const forms = new Set(formsOf(secret).map(comparable));
  return [...forms].some((form) => comparables.some((text) => text.includes(form)));
}

/** In one case, and without the line breaks that whoever lays text out puts wherever they like. */
function comparable(bytes: string): string {
  return bytes.toLowerCase().replaceAll(/\s+/g, '');
}
