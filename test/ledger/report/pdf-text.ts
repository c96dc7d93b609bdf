/** The text of a PDF of ours, page by page, as a reader would copy it: the file is not compressed. */
export function pagesOf(pdf: Buffer): string[] {
  const raw = pdf.toString('latin1');
  const streams = [...raw.matchAll(/stream\n([^]*?)\nendstream/g)].map(([, content = '']) => content);
  return streams.filter((content) => content.includes(' TJ')).map(textIn);
}

/** Each piece of text that is shown is a list of hexadecimal strings with the space between them. */
function textIn(content: string): string {
  const pieces = [...content.matchAll(/\[([^\]]*)\] TJ/g)].map(([, list = '']) =>
    [...list.matchAll(/<([0-9a-f]*)>/g)]
      .map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))
      .join(''),
  );
  return pieces.join('\n');
}
