import type { HostPort } from './config.ts';

const WITH_PORT = /^(.+):(\d{1,5})$/;
/** A name, an IPv4 address, or an IPv6 address in brackets; no wildcard, no scheme, no path. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/i;
const MAX_PORT = 65_535;
const WEB_PORTS = [80, 443];

/** Reads `host:port`, or a host alone as its ports 80 and 443. Answers undefined when `text` is neither. */
export function parseHostPorts(text: string): readonly HostPort[] | undefined {
  const [, named = text, digits] = WITH_PORT.exec(text.endsWith(']') ? '' : text) ?? [];
  const ports = digits === undefined ? WEB_PORTS : [Number(digits)];
  const url = `http://${named}`;
  const isValid =
    HOST.test(named) && URL.canParse(url) && ports.every((port) => port >= 1 && port <= MAX_PORT);
  if (!isValid) return undefined;
  const host = bareHost(new URL(url));
  return ports.map((port) => ({ host, port }));
}

/** Where a URL leads. */
export function hostPortOf(url: string): HostPort {
  const parsed = new URL(url);
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  return { host: bareHost(parsed), port };
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
