import type { DoctorLine } from '../../cli/doctor-report.ts';
import type { ConnectionConfig, ServerKind } from '../../config/index.ts';
import type { ProbedCertificate, ProbeStep, ServerProbe } from '../../veeam/index.ts';
import { count } from './lines.ts';

/** Enough days to have a certificate renewed in a company. */
const RENEW_WITHIN_DAYS = 30;

/** Where the products listen unless somebody changed it. */
const USUAL_PORT: Readonly<Record<ServerKind, string>> = { vro: '9898', vbr: '9419', one: '1239' };

export const START_SIMULATOR = 'Start the stack with the simulator: npx muster start';

/** The way to the server, step by step. What it says of its clock is told elsewhere. */
export function networkLines(
  connection: ConnectionConfig,
  { ok, steps, certificate }: ServerProbe,
): DoctorLine[] {
  const lines = steps.flatMap((step): DoctorLine[] => {
    if (!step.ok) return [failedStep(connection, step)];
    switch (step.step) {
      case 'dns':
      case 'tcp':
        return [{ check: step.step, level: 'ok', says: step.detail, ms: step.ms }];
      case 'tls':
        return certificate === undefined ? [] : tlsLines(connection, certificate, step);
      case 'http':
        return [];
    }
  });
  return ok && connection.url.startsWith('http:') ? [...lines, NOT_ENCRYPTED] : lines;
}

/** The configuration allows http:// for this machine itself only. */
const NOT_ENCRYPTED: DoctorLine = {
  check: 'tls',
  level: 'ok',
  says: 'http:// on this machine itself: nothing is encrypted, and nothing leaves it',
};

function failedStep(connection: ConnectionConfig, { step, detail, now, ms }: ProbeStep): DoctorLine {
  const line = { check: step, level: 'bad', ms } as const;
  const { isSimulator = false, proxy } = connection;
  const { host, hostname } = new URL(proxy?.url ?? connection.url);
  switch (step) {
    case 'dns':
      return { ...line, says: `the name ${hostname}: ${detail}`, now: CORRECT_NAME };
    case 'tcp':
    case 'http': {
      const advice = [now, portHint(connection)].filter(Boolean).join(' ');
      const says = `${host}: ${detail}`;
      return { ...line, says, now: isSimulator && step === 'tcp' ? START_SIMULATOR : advice };
    }
    case 'tls':
      return { ...line, says: detail, ...(now === undefined ? {} : { now }) };
  }
}

const CORRECT_NAME =
  'Correct the host in url (or of the proxy), or have its name entered in the DNS that this machine asks.';

/** What to think of when nobody answers, or somebody else. Empty when the port is the usual one. */
export function portHint({ kind, url }: ConnectionConfig): string {
  const usual = USUAL_PORT[kind];
  return new URL(url).port === usual ? '' : `The usual port of this product is ${usual}.`;
}

function tlsLines(
  { tls }: ConnectionConfig,
  { subject, issuer, validTo, daysLeft, pin, chain }: ProbedCertificate,
  { ms }: ProbeStep,
): DoctorLine[] {
  const days = `trusted for ${count(daysLeft, 'more day')} (until ${validTo.slice(0, 10)})`;
  const says = `${days}: ${subject}, issued by ${issuer}, chain of ${chain.length}`;
  const trusted: DoctorLine =
    daysLeft >= RENEW_WITHIN_DAYS
      ? { check: 'tls', level: 'ok', says, ms }
      : {
          check: 'tls',
          level: 'warn',
          says,
          ms,
          now: 'Have the certificate of the server renewed before that day.',
        };
  const isPinned = tls !== undefined && tls.pins.length > 0;
  const key = isPinned ? 'a key of its chain is pinned' : `to pin its key: tls: { pins: ['${pin}'] }`;
  return [trusted, { check: 'tls', level: 'ok', says: key }];
}
