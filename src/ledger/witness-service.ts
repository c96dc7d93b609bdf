import { isHash, type Hash } from '../merkle/index.ts';
import { fromBase64, fromDecimal } from './bytes.ts';
import { openCheckpoint, parseCheckpointText, type CheckpointKeys } from './checkpoint.ts';
import { LedgerError } from './ledger-error.ts';
import { parseNote } from './signed-note.ts';
import type { Witness, WitnessRequest } from './witness.ts';

/** What a witness answers, as HTTP says it. */
export interface WitnessReply {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 503;
  readonly type?: string;
  readonly body: string;
}

/** A proof between two sizes has no more hashes than this. */
const MAX_PROOF_HASHES = 63;
const SIZE_TYPE = 'text/x.tlog.size';

/**
 * The other side of C2SP tlog-witness, in front of a witness for one ledger: takes the body of `POST /add-checkpoint` and answers.
 * Whatever is sent, it answers and does not throw.
 */
export function createWitnessService({
  witness,
  ledger,
}: {
  readonly witness: Pick<Witness, 'add'>;
  readonly ledger: CheckpointKeys;
}): (body: string) => Promise<WitnessReply> {
  return async (body) => {
    const request = parsed(body);
    if (request === undefined) return refused(400, 'This is no request of tlog-witness.');
    const size = sizeOf(request, ledger);
    if (typeof size !== 'number') return size;
    if (request.oldSize > size) return refused(400, 'The old size is larger than the checkpoint.');
    try {
      const answer = await witness.add(request);
      switch (answer.kind) {
        case 'cosigned':
          return { status: 200, body: answer.lines };
        case 'conflict':
          return { status: 409, type: SIZE_TYPE, body: `${answer.size ?? ''}\n` };
        case 'inconsistent':
          return refused(
            422,
            'The proof does not lead from the checkpoint that this witness knows to this one.',
          );
        case 'refused':
          return refused(403, answer.why);
      }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      return refused(503, error.message);
    }
  };
}

/** The size of a checkpoint that a key of the ledger has signed, or the refusal of any other. */
function sizeOf({ checkpoint: note }: WitnessRequest, ledger: CheckpointKeys): number | WitnessReply {
  try {
    const { origin } = parseCheckpointText(parseNote(note).text);
    if (origin !== ledger.origin) return refused(404, 'This witness does not know the ledger.');
  } catch (error) {
    if (error instanceof LedgerError) return refused(400, error.message);
    throw error;
  }
  try {
    return openCheckpoint(note, ledger).checkpoint.size;
  } catch (error) {
    if (error instanceof LedgerError) return refused(403, error.message);
    throw error;
  }
}

/** `old SIZE`, a line for each hash of the proof, an empty line, the checkpoint. */
function parsed(body: string): WitnessRequest | undefined {
  const border = body.indexOf('\n\n');
  if (border < 0) return undefined;
  const [first = '', ...lines] = body.slice(0, border).split('\n');
  const oldSize = first.startsWith('old ') ? fromDecimal(first.slice('old '.length)) : undefined;
  if (oldSize === undefined || lines.length > MAX_PROOF_HASHES) return undefined;
  const proof: Hash[] = [];
  for (const line of lines) {
    const hash = fromBase64(line);
    if (!isHash(hash)) return undefined;
    proof.push(hash);
  }
  return { oldSize, proof, checkpoint: body.slice(border + 2) };
}

function refused(status: WitnessReply['status'], why: string): WitnessReply {
  return { status, body: `${why}\n` };
}
