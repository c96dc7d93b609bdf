import type { FastifyReply } from 'fastify';

/** Answers bytes that a browser keeps as a file: nothing in them is ever shown or run as a page of ours. */
export function download(
  reply: FastifyReply,
  {
    bytes,
    type,
    name,
  }: {
    readonly bytes: Uint8Array;
    readonly type: string;
    /** Made of ids of ours; absent: the browser chooses. */
    readonly name?: string;
  },
): FastifyReply {
  return reply
    .header('content-disposition', name === undefined ? 'attachment' : `attachment; filename="${name}"`)
    .type(type)
    .send(Buffer.from(bytes));
}
