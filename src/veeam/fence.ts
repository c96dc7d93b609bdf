/** What a caller of a command may ask to be called right before the request is sent. */
export type BeforeSend = () => void | Promise<void>;

/** Carries what `beforeSend` threw past everything that decides on errors of calls. */
class FenceRefusal extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('beforeSend threw');
    this.reason = reason;
  }
}

/** Asks the fence. What it throws comes out wrapped, so that nothing on the way takes it for a failed call. */
export async function askFence(beforeSend: BeforeSend | undefined): Promise<void> {
  try {
    await beforeSend?.();
  } catch (error) {
    throw new FenceRefusal(error);
  }
}

/** Unwraps what the fence threw, at the door to the caller. */
export function rethrowFence(error: unknown): never {
  throw error instanceof FenceRefusal ? error.reason : error;
}
