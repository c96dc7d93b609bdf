import { readFile } from 'node:fs/promises';
import type { DoctorLine } from '../../cli/doctor-report.ts';
import { ConfigError, type ChannelConfig, type Config, type SecretRef } from '../../config/index.ts';
import {
  channelHealthIn,
  inspectDatabase,
  openDatabase,
  StoreError,
  type ChannelHealth,
} from '../../store/index.ts';
import { postgresFolderIn } from '../data.ts';
import { postgresUrlIn } from '../postgres/postgres-server.ts';

/** What is known of each channel: whether its secrets are there, and how it did lately. Nothing is sent. */
export async function channelLines(
  config: Pick<Config, 'channels' | 'secretOf'>,
  own: { readonly databaseUrl?: string | undefined; readonly dataDir: string },
): Promise<DoctorLine[]> {
  if (config.channels.size === 0) return [];
  const health = await healthOf(own);
  return Promise.all([...config.channels.values()].map((channel) => lineOf(config, channel, health)));
}

async function lineOf(
  config: Pick<Config, 'secretOf'>,
  channel: ChannelConfig,
  health: ReadonlyMap<string, ChannelHealth>,
): Promise<DoctorLine> {
  const { name, kind } = channel;
  const what = `${name} (${kind})`;
  try {
    for (const ref of secretsOf(channel)) await config.secretOf(ref);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { check: 'channel', level: 'bad', says: `${what}: ${error.message}` };
  }
  const unread = await unreadable(channel.ca);
  if (unread !== undefined) {
    return { check: 'channel', level: 'bad', says: `${what}: the certificates in ${unread} cannot be read` };
  }
  return { check: 'channel', ...stateOf(what, health.get(name)) };
}

function stateOf(
  what: string,
  health: ChannelHealth | undefined,
): Pick<DoctorLine, 'level' | 'says' | 'now'> {
  const { takenAt, failedAt, failures = 0, reason = 'for an unknown reason' } = health ?? {};
  if (failures > 0) {
    const times = failures === 1 ? 'its last message' : `${failures} tries in a row`;
    return {
      level: 'warn',
      says: `${what} did not take ${times}, last ${timeText(failedAt)}: ${reason}`,
      now: 'Nobody is told through it. Correct the channel in muster.yaml, or what it leads to.',
    };
  }
  return {
    level: 'ok',
    says: takenAt === undefined ? `${what} was never used` : `${what} took a message ${timeText(takenAt)}`,
  };
}

function timeText(at: number | undefined): string {
  return at === undefined ? 'at an unknown time' : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function secretsOf(channel: ChannelConfig): SecretRef[] {
  switch (channel.kind) {
    case 'webhook':
      return [channel.secret, ...(typeof channel.url === 'string' ? [] : [channel.url])];
    case 'slack':
    case 'teams':
      return [channel.url];
    case 'email':
      return channel.smtp.login === undefined ? [] : [channel.smtp.login.password];
  }
}

async function unreadable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await readFile(file).then(
      () => true,
      () => false,
    );
    if (!isThere) return file;
  }
  return undefined;
}

/** How channels did, as far as a database can be asked that needs no change for it. */
async function healthOf({
  databaseUrl,
  dataDir,
}: {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
}): Promise<ReadonlyMap<string, ChannelHealth>> {
  try {
    const url = databaseUrl ?? (await postgresUrlIn(postgresFolderIn(dataDir)).catch(() => undefined));
    if (url === undefined) return new Map();
    const { migrations, newer } = await inspectDatabase(url);
    if (migrations.toCome > 0 || newer.length > 0) return new Map();
    const database = openDatabase({ url });
    try {
      const all = await channelHealthIn(database);
      return new Map(all.map((one) => [one.channel, one]));
    } finally {
      await database.close();
    }
  } catch (error) {
    // That it is away has a line of its own.
    if (error instanceof StoreError) return new Map();
    throw error;
  }
}
