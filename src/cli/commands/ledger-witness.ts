import { resolve } from 'node:path';
import { formatVerifierKey } from '../../ledger/index.ts';
import { CliError } from '../cli-error.ts';
import { command } from '../command.ts';
import { print, printJson } from '../output.ts';
import { inert } from '../render/inert.ts';
import { keysIn } from './evidence.ts';

export const ledgerWitness = command({
  name: 'ledger witness',
  summary:
    'Be a witness of somebody else’s ledger, until Ctrl-C: remember its newest checkpoint, and cosign what continues it.',
  details:
    'For another team than the one that runs muster, on a machine and storage of their own; it needs no configuration and no ' +
    'database. It speaks C2SP tlog-witness. Without a certificate only a muster on the same machine asks it. Its verifier key ' +
    'and its address belong under `ledger.witnesses` in the muster.yaml of the others.',
  args: {},
  options: {
    folder: { flags: '--folder <dir>', says: 'where it keeps its key and what it has cosigned' },
    ledger: {
      flags: '--ledger <keys>',
      says: 'verifier keys of the ledger, as `muster ledger` shows them, with commas between',
    },
    origin: { flags: '--origin <name>', says: 'name of the ledger; default that of the first key' },
    keyFile: { flags: '--key-file <file>', says: 'its private key (Ed25519, PEM), when not in the folder' },
    new: { flags: '--new', says: 'it has cosigned nothing yet; asked for with --key-file' },
    name: { flags: '--name <name>', says: 'name of its key; default that of the ledger and /witness' },
    listen: { flags: '--listen <host:port>', says: 'where it listens', default: '127.0.0.1:8484' },
    cert: { flags: '--cert <file>', says: 'its TLS certificate (PEM)' },
    certKey: { flags: '--cert-key <file>', says: 'the key of the certificate (PEM)' },
  },
  examples: [
    'ledger witness --folder /srv/witness --ledger muster/ledger+1a2b3c4d+Aa0… --listen 0.0.0.0:8484 --cert c.pem --cert-key k.pem',
  ],
  run: async ({ options, context }) => {
    const { folder, cert, certKey } = options;
    const [first, ...others] = keysIn('--ledger', options.ledger);
    if (folder === undefined || first === undefined) {
      throw new CliError('cli.usage', 'A witness needs a folder and the key of the ledger.', {
        hint: 'Give --folder and --ledger.',
      });
    }
    if ((cert === undefined) !== (certKey === undefined)) {
      throw new CliError('cli.usage', 'A certificate and its key go together.', {
        hint: 'Give --cert and --cert-key.',
      });
    }
    const origin = options.origin ?? first.name;
    const here = (file: string): string => resolve(context.cwd, file);
    return context.stack.runWitness({
      folder: here(folder),
      ...(options.keyFile !== undefined && { keyFile: here(options.keyFile) }),
      isNew: options.new,
      name: options.name ?? `${origin}/witness`,
      origin,
      ledgerKeys: [first, ...others].map(formatVerifierKey),
      ...listenOf(options.listen),
      ...(cert !== undefined && certKey !== undefined && { tls: { cert: here(cert), key: here(certKey) } }),
      signal: context.signal,
      onListening: (witness) => {
        if (context.json) printJson(context, witness);
        else {
          print(
            context,
            [`Listening   ${witness.url}`, `Key         ${witness.key}`, 'End with Ctrl-C.'].join('\n'),
          );
        }
      },
      onAnswer: (line) => void context.stderr.write(`${inert(line)}\n`),
    });
  },
});

/** @throws CliError `cli.usage` */
function listenOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', digits = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port > 65_535) {
    throw new CliError('cli.usage', `--listen ${inert(text)} is no host and port.`, {
      hint: 'Write it like 127.0.0.1:8484.',
    });
  }
  return { host: host.replaceAll(/^\[|\]$/g, ''), port };
}
