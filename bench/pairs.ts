/** One of two ways to do the same; answers the id of the workflow that did it. */
export type Way = () => Promise<string>;

/**
 * Measures two ways in turns, so that what the machine does meanwhile meets both. Right before each measured run goes
 * an unmeasured one of the same kind: a server that was idle has about a second's worth of queue reads to spare, which
 * would make a default one look twice as fast as it is. Who goes first changes from round to round.
 *
 * @returns the ids of the measured runs, by round
 */
export async function inTurns(
  rounds: number,
  ways: { readonly first: Way; readonly second: Way },
  say: (round: number) => void,
): Promise<readonly { readonly first: string; readonly second: string }[]> {
  const measured = async (way: Way): Promise<string> => {
    await way();
    return way();
  };
  const pairs = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(round);
    const early = round % 2 === 1 ? await measured(ways.first) : undefined;
    const second = await measured(ways.second);
    const first = early ?? (await measured(ways.first));
    pairs.push({ first, second });
  }
  return pairs;
}
