import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ConnectFailure } from './connect-failure.ts';
import { createConnector } from './connector.ts';
import type { TlsLook } from './connector.ts';
import type { CallSite } from './errors.ts';
import type { Settings } from './options.ts';
import { pinOf } from './pins.ts';
import type { Scope } from './scope.ts';
import type { Scrubber } from './scrubber.ts';
import { oneLine } from './text.ts';
import { tlsFailure } from './tls-failure.ts';
import { createTransport } from './transport.ts';

export type ProbeStepName = 'dns' | 'tcp' | 'tls' | 'http';

/** What a server shows of its certificate. Names come from the certificate: foreign text, one line each. */
export type ProbedCertificate = {
  readonly subject: string;
  readonly issuer: string;
  /** ISO dates. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Whole days until `validTo`; negative when it is over. */
  readonly daysLeft: number;
  /** `sha256/<base64>`, as `tls.pins` takes it. */
  readonly pin: string;
  readonly trusted: boolean;
  /** Subjects from the server's own certificate upwards. */
  readonly chain: readonly string[];
};

/** What the steps find out. */
export type ProbeFacts = {
  /** Of the server, or of its proxy if it has one. */
  readonly addresses: readonly string[];
  readonly certificate: ProbedCertificate | undefined;
  /**
   * The server's clock less ours, in milliseconds. The uncertainty is half the round trip and half a second, because a
   * Date header tells whole seconds. Undefined when the server does not tell its time.
   */
  readonly clock: { readonly skewMs: number; readonly uncertaintyMs: number } | undefined;
};

/** Does one step; returns what there is to say about it. Rejects with whatever the step below rejects with. */
type Work = (tools: {
  site: CallSite;
  scope: Scope;
  note: (facts: Partial<ProbeFacts>) => void;
}) => Promise<string>;

const DAY_MS = 86_400_000;
const HALF_SECOND_MS = 500;
const MAX_NAME_CHARS = 200;

/** The steps to a server, in order. */
export function probeSteps(
  settings: Settings,
  scrubber: Scrubber,
): readonly { readonly step: ProbeStepName; readonly work: Work }[] {
  const { origin, proxy } = settings;
  const secure = origin.startsWith('https:');
  const first = new URL(proxy?.origin ?? origin);
  const name = first.hostname.replace(/^\[|\]$/g, '');
  const whose = proxy === undefined ? '' : 'the proxy: ';

  const dns: Work = async ({ scope, note }) => {
    if (isIP(name) !== 0) {
      note({ addresses: [name] });
      return `${whose}${name} is an address`;
    }
    const found = await scope.race(lookup(name, { all: true })).catch((cause: unknown) => {
      // The scope's own error says more than a wrapped one.
      scope.check();
      throw new ConnectFailure(cause);
    });
    const addresses = found.map(({ address }) => address);
    note({ addresses });
    return `${whose}${name} is ${addresses.join(', ')}`;
  };

  const tcp: Work = async ({ scope }) => {
    const opening = createConnector(plain(settings), scrubber).open();
    // Also when it comes too late.
    opening.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    await scope.race(opening);
    return proxy === undefined ? `connected to ${first.host}` : `connected through ${first.host}`;
  };

  const tls: Work = async ({ scope, note }) => {
    const look = await scope.race(createConnector(settings, scrubber).look());
    const certificate = certificateOf(look);
    note({ certificate });
    if (look.untrusted !== undefined) {
      throw tlsFailure({ host: new URL(origin).host, reason: look.untrusted, pin: certificate?.pin });
    }
    return certificate === undefined
      ? 'trusted'
      : `trusted for ${certificate.daysLeft} more days: ${certificate.subject}, issued by ${certificate.issuer}`;
  };

  const http: Work = async ({ site, scope, note }) => {
    const transport = createTransport(settings, scrubber);
    try {
      const askedAt = Date.now();
      const { status, header } = await transport.send(site, scope, { method: 'GET', path: '/', headers: {} });
      const clock = clockOf(header('date'), { askedAt, answeredAt: Date.now() });
      note({ clock });
      const time =
        clock === undefined
          ? 'it does not tell its time'
          : `its clock is ${clock.skewMs} ms ahead of ours (give or take ${clock.uncertaintyMs} ms)`;
      return `answers with status ${status}; ${time}`;
    } finally {
      await transport.close();
    }
  };

  return [
    { step: 'dns', work: dns },
    { step: 'tcp', work: tcp },
    ...(secure ? [{ step: 'tls', work: tls } as const] : []),
    { step: 'http', work: http },
  ];
}

/** The same server and proxy, as far as TCP goes. */
function plain(settings: Settings): Settings {
  const { hostname, port, protocol } = new URL(settings.origin);
  const known = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return { ...settings, origin: `http://${hostname}:${known}`, tls: { ca: undefined, pins: [] } };
}

function certificateOf({ chain, untrusted }: TlsLook): ProbedCertificate | undefined {
  const own = chain[0];
  if (own === undefined) return undefined;
  const validTo = new Date(own.validTo);
  return {
    subject: oneLine(own.subject, MAX_NAME_CHARS),
    issuer: oneLine(own.issuer, MAX_NAME_CHARS),
    validFrom: new Date(own.validFrom).toISOString(),
    validTo: validTo.toISOString(),
    daysLeft: Math.floor((validTo.getTime() - Date.now()) / DAY_MS),
    pin: pinOf(own),
    trusted: untrusted === undefined,
    chain: chain.map(({ subject }) => oneLine(subject, MAX_NAME_CHARS)),
  };
}

function clockOf(
  date: string | undefined,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
): ProbeFacts['clock'] {
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return undefined;
  const skewMs = told + HALF_SECOND_MS - (askedAt + answeredAt) / 2;
  return {
    skewMs: Math.round(skewMs),
    uncertaintyMs: Math.round((answeredAt - askedAt) / 2 + HALF_SECOND_MS),
  };
}
