import type { TellLaunchInput } from './contract.ts';

/** Whoever brings people the news of schedules. */
export interface LaunchNotices {
  /** Takes the news on; rejects when it could not, and is asked again a little later. */
  notStarted(input: TellLaunchInput): Promise<void>;
}

/** What tells people about schedules; absent where nobody is told. */
export interface TellsLaunches {
  readonly launchNotices?: LaunchNotices;
}

/** Hands on that a schedule started nothing. */
export async function tellLaunch({ launchNotices }: TellsLaunches, input: TellLaunchInput): Promise<void> {
  await launchNotices?.notStarted(input);
}
