import { describe, expect, it } from 'vitest';
import type { CommandInput } from '../../activities/contract.ts';
import type { Deps } from '../../activities/deps.ts';
import { mayBeAhead, withStore } from '../../activities/go-on.ts';
import { StoreError, type WriteAhead } from '../../src/store/index.ts';

interface World {
  /** Whether the store answers; default not. */
  readonly isBack?: boolean;
  readonly isHeld?: boolean;
  readonly settled?: 'merged' | 'away' | 'busy';
}

/** Deps of which only what is asked here exists. */
function depsOf({ isBack = false, isHeld = true, settled = 'merged' }: World = {}) {
  const file = {
    isHeld,
    settle: async () => settled,
    whileBusy: <T>(work: () => Promise<T>) => work(),
  } as unknown as WriteAhead;
  const stores = {
    freezes: {
      pending: async () => {
        if (!isBack) throw new StoreError('store.unavailable', 'database');
        return [];
      },
    },
  };
  const away = { isAway: true } as unknown as Deps;
  return { stores, now: Date.now, ahead: { file, away } } as unknown as Deps;
}

function commandOf({ mode = 'live', ...more }: Partial<CommandInput> & { mode?: string } = {}): CommandInput {
  return { run: { mode }, action: 'vro.failover', lost: 0, ...more } as unknown as CommandInput;
}

/** Over what a command is done, or the code of what was thrown. */
async function wayOf(deps: Deps, input: CommandInput): Promise<unknown> {
  const done = { action: input.action, how: 'done', target: 't', baseline: {} } as const;
  let way = 'nothing';
  try {
    await withStore(deps, input, async (own) => {
      way = 'isAway' in own ? 'file' : 'store';
      return done;
    });
    return way;
  } catch (error) {
    return error instanceof StoreError ? error.code : error;
  }
}

describe('a command while the store is away', () => {
  it('is written ahead at its first try in a live run', async () => {
    expect(await wayOf(depsOf(), commandOf())).toBe('file');
  });

  it.each([
    ['in a drill', commandOf({ mode: 'drill' })],
    ['after a worker was lost with it', commandOf({ lost: 1 })],
    ['when nobody has counted its tries', commandOf({ lost: undefined as unknown as number })],
    ['when it issues a token that has to be kept', commandOf({ action: 'vbr.issueRecoveryToken' })],
  ])('waits for the store %s', async (_, input) => {
    expect(await wayOf(depsOf(), input)).toBe('store');
  });

  it('waits for the store where another worker has the file', async () => {
    expect(await wayOf(depsOf({ isHeld: false }), commandOf())).toBe('store');
  });

  it('is done over the store once that answers', async () => {
    expect(await wayOf(depsOf({ isBack: true }), commandOf())).toBe('store');
  });

  it('is not done at all while the store answers and does not take what was written ahead', async () => {
    expect(await wayOf(depsOf({ isBack: true, settled: 'away' }), commandOf())).toBe('store.unavailable');
  });

  it('follows in the file what is under way there', async () => {
    expect(await wayOf(depsOf({ isBack: true, settled: 'busy' }), commandOf())).toBe('file');
  });
});

it('what nobody has recorded may be in a file only where one may be written', () => {
  const asked = [commandOf(), commandOf({ lost: 1 }), commandOf({ mode: 'drill' })];
  expect(asked.map((input) => mayBeAhead(depsOf(), input))).toEqual([true, false, false]);
});
