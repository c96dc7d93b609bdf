import { readFile } from 'node:fs/promises';
import { StepError, type Channel, type Channels } from '../../activities/index.ts';
import { ConfigError, type ChannelConfig, type Config, type SecretRef } from '../config/index.ts';

/** The channels of the configuration, as the activities use them. What is wrong with one is told when it is used. */
export function openChannels(config: Pick<Config, 'channels' | 'notifications' | 'secretOf'>): Channels {
  const { link } = config.notifications;
  const channels = new Map([...config.channels].map(([name, one]) => [name, channelOf(config, one)]));
  return { find: (name) => channels.get(name), ...(link === undefined ? {} : { link }) };
}

function channelOf(config: Pick<Config, 'secretOf'>, one: ChannelConfig): Channel {
  const { name } = one;
  const ca = (): Promise<string[]> => Promise.all(one.ca.map((file) => certificatesIn(name, file)));
  const base = { name, ...(one.ca.length === 0 ? {} : { ca }) };
  const secret = (ref: SecretRef) => () => secretOf(config, name, ref);
  switch (one.kind) {
    case 'webhook': {
      const { url } = one;
      return {
        ...base,
        kind: 'webhook',
        url: typeof url === 'string' ? async () => url : secret(url),
        secret: secret(one.secret),
      };
    }
    case 'slack':
    case 'teams':
      return { ...base, kind: one.kind, url: secret(one.url) };
    case 'email': {
      const { kind, from, to, allow } = one;
      const { login, ...server } = one.smtp;
      return {
        ...base,
        ...server,
        kind,
        from,
        to,
        allow,
        ...(login === undefined
          ? {}
          : { login: { username: login.username, password: secret(login.password) } }),
      };
    }
  }
}

/** A message must not fail for a reason that nobody would look for at a channel. @throws StepError `notify.badChannel` */
async function secretOf(
  { secretOf: read }: Pick<Config, 'secretOf'>,
  name: string,
  ref: SecretRef,
): Promise<string> {
  try {
    return await read(ref);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const message = `The channel ${name} cannot be used. ${error.message}`;
    throw new StepError('notify.badChannel', message, { passing: false });
  }
}

/** @throws StepError `notify.badChannel` */
async function certificatesIn(channel: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StepError(
      'notify.badChannel',
      `The certificates of the channel ${channel} cannot be read: ${file}. Correct \`ca\` in muster.yaml, or put the PEM file there.`,
      { cause, passing: false },
    );
  }
}
