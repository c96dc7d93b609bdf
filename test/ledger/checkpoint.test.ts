import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  checkpointText,
  formatNote,
  openCheckpoint,
  parseCheckpointText,
  parseNote,
  signCheckpoint,
  signerKey,
  signNote,
  withSignatures,
} from '../../src/ledger/index.ts';
import { newKey, ORIGIN, refusalOf, TestLedger } from './support.ts';

const ledger = new TestLedger(5);
const checkpoint = ledger.checkpoint();
/** The example of C2SP tlog-cosignature. */
const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

describe('the text of a checkpoint', () => {
  it('is read and written again', () => {
    const read = parseCheckpointText(EXAMPLE);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(read)).toBe(EXAMPLE);
  });

  it('may have further lines', () => {
    expect(parseCheckpointText(`${EXAMPLE}more\nand more\n`).extensions).toEqual(['more', 'and more']);
  });

  it.each([
    { name: 'no last newline', text: EXAMPLE.slice(0, -1), line: 'text' },
    { name: 'no origin', text: EXAMPLE.replace(/^[^\n]+/, ''), line: 'line 1' },
    { name: 'a leading zero', text: EXAMPLE.replace('20852163', '020852163'), line: 'line 2' },
    { name: 'a plus sign', text: EXAMPLE.replace('20852163', '+20852163'), line: 'line 2' },
    { name: 'a negative size', text: EXAMPLE.replace('20852163', '-1'), line: 'line 2' },
    { name: 'an exponent', text: EXAMPLE.replace('20852163', '1e3'), line: 'line 2' },
    { name: 'a size beyond 2^53', text: EXAMPLE.replace('20852163', '9007199254740993'), line: 'line 2' },
    { name: 'a short root', text: EXAMPLE.replace('CsUY', ''), line: 'line 3' },
    { name: 'no root', text: 'a\n1\n', line: 'line 3' },
    { name: 'an empty further line', text: `${EXAMPLE}a\n\nb\n`, line: 'line 5' },
  ])('is refused with $name', ({ text, line }) => {
    expect(refusalOf(() => parseCheckpointText(text))).toEqual({
      code: 'ledger.badCheckpoint',
      place: `checkpoint, ${line}`,
    });
  });
});

describe('a signed checkpoint', () => {
  it('opens with the key of the ledger', () => {
    expect(openCheckpoint(checkpoint, ledger.known).checkpoint.size).toBe(5);
  });

  it('opens with the old and with the new key while keys change', () => {
    const next = newKey(ORIGIN);
    const both = ledger.checkpoint(5, [ledger.key, next]);
    const opened = [[ledger.key], [next], [next, ledger.key]].map(
      (keys) => openCheckpoint(both, { origin: ORIGIN, ledger: keys }).signed.length,
    );
    expect(opened).toEqual([1, 1, 2]);
  });

  it('does not open with another key of the same name', () => {
    const foreign = { origin: ORIGIN, ledger: [newKey(ORIGIN)] };
    expect(refusalOf(() => openCheckpoint(checkpoint, foreign))?.code).toBe('ledger.notSigned');
  });

  it('does not open as the checkpoint of another ledger', () => {
    const other = { ...ledger.known, origin: 'other.example' };
    expect(refusalOf(() => openCheckpoint(checkpoint, other))?.code).toBe('ledger.badCheckpoint');
  });

  it('does not open with a changed size', () => {
    const changed = checkpoint.replace('\n5\n', '\n6\n');
    expect(refusalOf(() => openCheckpoint(changed, ledger.known))?.code).toBe('ledger.badSignature');
  });

  it('is not made of lines that could not be read again', () => {
    const root = Buffer.alloc(32);
    const bad = { origin: 'a\nb', size: 1, root, extensions: [] };
    expect(refusalOf(() => signCheckpoint(bad, [ledger.key]))?.code).toBe('ledger.badCheckpoint');
    expect(refusalOf(() => signCheckpoint({ ...bad, origin: 'a' }, []))?.code).toBe('ledger.badKey');
  });
});

describe('a cosignature', () => {
  const witness = newKey('witness.example/w1', 'cosignature/v1');
  const { text } = parseNote(checkpoint);
  const lines = signNote(text, [witness], 1_679_315_147).signatures;
  const cosigned = withSignatures(checkpoint, lines);

  it('says when it was given', () => {
    const { cosigned: found } = openCheckpoint(cosigned, { ...ledger.known, witnesses: [witness] });
    expect(found).toEqual([{ key: witness, at: 1_679_315_147 }]);
  });

  it('has the time before the signature, as in the published example', () => {
    const line =
      '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    const signature = parseNote(`${EXAMPLE}\n${line}`).signatures[0]?.signature ?? Buffer.alloc(0);
    expect(Buffer.from(signature).readBigUInt64BE(0)).toBe(1_679_315_147n);
    expect(signature.byteLength).toBe(lines[0]?.signature.byteLength);
  });

  it('takes the place of an earlier one of the same witness', () => {
    const later = withSignatures(cosigned, signNote(text, [witness], 1_679_315_200).signatures);
    const { cosigned: found } = openCheckpoint(later, { ...ledger.known, witnesses: [witness] });
    expect(found.map(({ at }) => at)).toEqual([1_679_315_200]);
  });

  it('with another time does not verify', () => {
    const [line] = lines;
    const signature = Buffer.from(line?.signature ?? []);
    signature.writeBigUInt64BE(1_679_315_148n);
    const changed = withSignatures(checkpoint, [{ name: witness.name, keyId: witness.keyId, signature }]);
    expect(refusalOf(() => openCheckpoint(changed, { ...ledger.known, witnesses: [witness] }))).toEqual({
      code: 'ledger.badSignature',
      place: `${witness.name}+${witness.keyId}`,
    });
  });

  it('never counts as the signature of the ledger', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const asWitness = signerKey(ORIGIN, 'cosignature/v1', privateKey);
    const alone = formatNote(signNote(text, [asWitness], 1));
    const keys = { origin: ORIGIN, ledger: [asWitness, signerKey(ORIGIN, 'ed25519', privateKey)] };
    expect(refusalOf(() => openCheckpoint(alone, { ...keys, witnesses: [asWitness] }))?.code).toBe(
      'ledger.notSigned',
    );
  });
});
