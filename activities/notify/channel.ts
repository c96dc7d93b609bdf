/**
 * The ways to tell people, as the configuration describes them. Secrets and certificates are read each time anew, so
 * that what was changed needs no restart, and what is missing keeps no worker from starting; the functions that read them
 * throw a StepError `notify.badChannel`.
 */
export type Channel = WebhookChannel | SlackChannel | TeamsChannel | EmailChannel;
export type ChannelKind = Channel['kind'];

interface ChannelBase {
  readonly name: string;
  /** PEM texts of the authorities to trust instead of the system's. */
  readonly ca?: () => Promise<readonly string[]>;
}

/** Any program that takes a POST of JSON, and can tell by the signature that it is from us. */
export interface WebhookChannel extends ChannelBase {
  readonly kind: 'webhook';
  readonly url: () => Promise<string>;
  readonly secret: () => Promise<string>;
}

/** An incoming webhook of Slack. Whoever knows its address can write there. */
export interface SlackChannel extends ChannelBase {
  readonly kind: 'slack';
  readonly url: () => Promise<string>;
}

/** A webhook of the Workflows app of Microsoft Teams. Whoever knows its address can write there. */
export interface TeamsChannel extends ChannelBase {
  readonly kind: 'teams';
  readonly url: () => Promise<string>;
}

/** A mail server, and whom it is asked to bring messages to. */
export interface EmailChannel extends ChannelBase {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  /** `starttls`: refused without it. `none`: only on this machine itself. */
  readonly encryption: 'starttls' | 'tls' | 'none';
  readonly login?: { readonly username: string; readonly password: () => Promise<string> };
  readonly from: string;
  readonly to: readonly string[];
  /** Whom else a runbook may write to: addresses, or `@` and a domain. */
  readonly allow: readonly string[];
}

/** How a message is sent. */
export interface Sending {
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For how long a channel may keep us waiting. Default {@link CHANNEL_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

/** A channel answers soon, or is tried again later. */
export const CHANNEL_TIMEOUT_MS = 15_000;

/** All channels, and where people are led to from a message. */
export interface Channels {
  find(name: string): Channel | undefined;
  /** The address under which people reach the pages of runs and gates, without a slash at its end. */
  readonly link?: string;
}
