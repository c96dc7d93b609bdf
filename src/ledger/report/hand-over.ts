import type { SecretRecord } from '../../store/index.ts';
import type { Block, ReportDocument, Section } from './document.ts';
import { countText, momentText } from './words.ts';

/** A secret on a hand-over sheet. */
export interface SheetSecret {
  readonly record: SecretRecord;
  /** The secret itself, where it was revealed for the sheet. */
  readonly value?: string;
  /** Why it was not, where it was asked for. */
  readonly missing?: string;
}

/** What whoever recovers machines at a site is handed. */
export interface HandOver {
  /** The site or the run that it is for. */
  readonly of: string;
  readonly madeAt: number;
  readonly by: string;
  /** Whether the secrets themselves were asked for. */
  readonly isOpen: boolean;
  readonly secrets: readonly SheetSecret[];
}

/** The hand-over sheet: a part for each group of people, and in it what they need for each machine. */
export function handOverDocument({ of, madeAt, by, isOpen, secrets }: HandOver): ReportDocument {
  const groups = [...new Set(secrets.map(({ record }) => record.revealTo))].sort();
  const shown = secrets.filter(({ value }) => value !== undefined).length;
  return {
    title: `Recovery tokens for ${of}`,
    subtitle: `Hand-over sheet, made by ${by}, ${momentText(madeAt)}`,
    madeAt,
    footer: isOpen ? `${of} · secret: destroy it when the machines are recovered` : of,
    verdict: {
      tone: isOpen ? 'warn' : 'plain',
      word: isOpen ? 'secret' : 'without tokens',
      says: isOpen
        ? [
            `${countText(shown, 'token is', 'tokens are')} written on this sheet: give it to nobody else, and destroy it afterwards.`,
          ]
        : [
            `${countText(secrets.length, 'token')}, not written on this sheet. Those they are for see each with: muster secret reveal ID`,
          ],
    },
    sections: groups.map((group) =>
      groupSection(
        group,
        secrets.filter(({ record }) => record.revealTo === group),
        isOpen,
      ),
    ),
  };
}

function groupSection(group: string, secrets: readonly SheetSecret[], isOpen: boolean): Section {
  const blocks = secrets.flatMap((secret): Block[] => [
    { kind: 'heading', text: machinesText(secret.record) },
    { kind: 'facts', facts: factsOf(secret, isOpen) },
  ]);
  return { id: `for-${group}`, title: `For ${group}`, blocks };
}

/** What there is to know of a secret, in the order in which it is needed at the machine. */
export function factsOf({ record, value, missing }: SheetSecret, isOpen: boolean) {
  const { connection, server, name, id, fingerprint, expiresAt, elsewhere, runId } = record;
  return [
    { label: 'Machine', value: machinesText(record) },
    { label: 'Backup server', value: server === undefined ? connection : `${server} (${connection})` },
    ...(isOpen ? [{ label: 'Token', value: value ?? missing ?? 'not revealed' }] : []),
    { label: 'Valid until', value: expiresAt === undefined ? 'it does not say' : momentText(expiresAt) },
    { label: 'Name in VBR', value: name },
    { label: 'Id', value: id },
    { label: 'Fingerprint', value: fingerprint },
    ...(elsewhere === undefined ? [] : [{ label: 'In Vault', value: elsewhere }]),
    { label: 'Run', value: runId },
  ];
}

function machinesText({ machines, name }: SecretRecord): string {
  return machines.length === 0 ? name : machines.join(', ');
}
