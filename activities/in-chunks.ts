/** Does the same for many things, a few at once: a server has other guests. Answers in the order of the things. */
export async function inChunks<From, To>(
  things: readonly From[],
  atOnce: number,
  work: (thing: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (let first = 0; first < things.length; first += atOnce) {
    done.push(...(await Promise.all(things.slice(first, first + atOnce).map(work))));
  }
  return done;
}
