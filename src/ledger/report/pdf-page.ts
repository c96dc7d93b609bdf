import PDFDocument from 'pdfkit';
import { PdfLetters } from './pdf-letters.ts';
import { LIGHT } from './style.ts';
import type { Tone } from './report-types.ts';

/** A4, in points. */
const SIZE = { width: 595.28, height: 841.89 } as const;
const MARGIN = { left: 48, right: 48, top: 50, bottom: 62 } as const;
const FOOT = 36;

export const FONTS = { text: 'Helvetica', bold: 'Helvetica-Bold', slanted: 'Helvetica-Oblique' } as const;
type Font = keyof typeof FONTS;

/** How a text looks. */
export interface Look {
  readonly size?: number;
  readonly font?: Font;
  readonly colour?: string;
  readonly align?: 'left' | 'right' | 'center';
}

/** Where a text stands. */
export interface Spot {
  readonly x: number;
  readonly width: number;
}

/** A piece of paper with a pen that moves down. Nothing in it depends on the clock or on chance. */
export class PdfPaper {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #chunks: Buffer[] = [];
  readonly #done: Promise<Buffer>;
  readonly letters = new PdfLetters();
  readonly left = MARGIN.left;
  readonly width = SIZE.width - MARGIN.left - MARGIN.right;
  readonly bottom = SIZE.height - MARGIN.bottom;
  /** The height of an empty page. */
  readonly room = SIZE.height - MARGIN.top - MARGIN.bottom;
  y: number = MARGIN.top;

  constructor({
    title,
    subject,
    madeAt,
  }: {
    readonly title: string;
    readonly subject: string;
    readonly madeAt: number;
  }) {
    const at = new Date(madeAt);
    this.#pdf = new PDFDocument({
      size: 'A4',
      // Whatever breaks a page does so here, never by itself.
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
      bufferPages: true,
      // How well a zlib compresses is not the same everywhere; these bytes are.
      compress: false,
      // Later versions carry the title a second time, as XML, into which it is put as it is.
      pdfVersion: '1.3',
      lang: 'en',
      displayTitle: true,
      info: {
        Title: this.letters.drawable(title),
        Subject: this.letters.drawable(subject),
        Creator: 'muster',
        Producer: 'muster',
        CreationDate: at,
        ModDate: at,
      },
    });
    this.#done = new Promise((resolve, reject) => {
      this.#pdf.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      this.#pdf.on('end', () => resolve(Buffer.concat(this.#chunks)));
      this.#pdf.on('error', reject);
    });
  }

  /** How high a text is in a column. */
  height(text: string, width: number, look: Look = {}): number {
    this.#look(look);
    return text === '' ? 0 : this.#pdf.heightOfString(this.letters.drawable(text), { width, lineGap: 1.5 });
  }

  /** How wide a text is on one line. */
  textWidth(text: string, look: Look = {}): number {
    this.#look(look);
    return this.#pdf.widthOfString(this.letters.drawable(text));
  }

  /** Writes a text at a height of the page, without moving the pen. */
  write(text: string, { x, width, y }: Spot & { readonly y: number }, look: Look = {}): void {
    if (text === '') return;
    this.#look(look);
    const { align = 'left', colour = LIGHT.text } = look;
    this.#pdf.fillColor(colour).text(this.letters.drawable(text), x, y, { width, align, lineGap: 1.5 });
  }

  /** Writes a text that may be longer than what is left of the page, and moves the pen below it. */
  paragraph(text: string, look: Look = {}, { x, width }: Spot = this): void {
    for (const piece of this.#pieces(text, width, look)) {
      const height = this.height(piece, width, look);
      this.need(height);
      this.write(piece, { x, width, y: this.y }, look);
      this.y += height;
    }
  }

  /** The left edge, as a spot. */
  get x(): number {
    return this.left;
  }

  /** Begins a new page when so much does not fit any more. @returns whether it did */
  need(height: number): boolean {
    if (this.y + height <= this.bottom || this.y === MARGIN.top) return false;
    this.#pdf.addPage();
    this.y = MARGIN.top;
    return true;
  }

  line(
    from: readonly [x: number, y: number],
    to: readonly [x: number, y: number],
    { colour = LIGHT.line, dashed = false } = {},
  ): void {
    this.#pdf.save().lineWidth(0.6).strokeColor(colour);
    if (dashed) this.#pdf.dash(3, { space: 2 });
    this.#pdf
      .moveTo(...from)
      .lineTo(...to)
      .stroke()
      .restore();
  }

  box(
    x: number,
    y: number,
    { width, height, colour }: { width: number; height: number; colour: string },
  ): void {
    this.#pdf.save().fillColor(colour).rect(x, y, width, height).fill().restore();
  }

  /** A place that readers list beside the pages. */
  bookmark(title: string): void {
    this.#pdf.outline.addItem(this.letters.drawable(title));
  }

  /** Writes the foot of every page, and answers the bytes. */
  async end(foot: string): Promise<Buffer> {
    const { start, count } = this.#pdf.bufferedPageRange();
    const look = { size: 8, colour: LIGHT.muted } as const;
    const number = 90;
    for (let page = start; page < start + count; page += 1) {
      this.#pdf.switchToPage(page);
      const y = SIZE.height - FOOT;
      this.line([this.left, y - 6], [this.left + this.width, y - 6]);
      this.write(
        this.shortened(foot, this.width - number, look),
        { x: this.left, width: this.width - number, y },
        look,
      );
      const right = { x: this.left + this.width - number, width: number, y };
      this.write(`Page ${page - start + 1} of ${count}`, right, { ...look, align: 'right' });
    }
    this.#pdf.end();
    return this.#done;
  }

  /** A text cut to one line of a width, with an ellipsis. */
  shortened(text: string, width: number, look: Look = {}): string {
    const letters = Array.from(text.replaceAll('\n', ' '));
    if (this.textWidth(letters.join(''), look) <= width) return letters.join('');
    let [fits, tooMany] = [0, letters.length];
    while (tooMany - fits > 1) {
      const middle = Math.floor((fits + tooMany) / 2);
      const isFitting = this.textWidth(`${letters.slice(0, middle).join('')}…`, look) <= width;
      [fits, tooMany] = isFitting ? [middle, tooMany] : [fits, middle];
    }
    return `${letters.slice(0, fits).join('')}…`;
  }

  /** A text in parts of which each fits on a page: what is cut is cut between words where it can be. */
  #pieces(text: string, width: number, look: Look): string[] {
    if (this.height(text, width, look) <= this.room) return [text];
    const middle = Math.floor(text.length / 2);
    const space = text.indexOf(' ', middle);
    const at = space === -1 ? middle : space + 1;
    if (at >= text.length) return [text];
    return [text.slice(0, at), text.slice(at)].flatMap((part) => this.#pieces(part, width, look));
  }

  #look({ size = 9.5, font = 'text' }: Look): void {
    this.#pdf.font(FONTS[font]).fontSize(size);
  }
}

/** On paper everything is as by day. */
export function colourOf(tone: Tone | undefined): string {
  return tone === undefined || tone === 'plain' ? LIGHT.text : LIGHT[tone];
}
