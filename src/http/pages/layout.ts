import type { FastifyReply } from 'fastify';
import type { Actor } from '../../model/actor.ts';
import { html, type Html } from './html.ts';

/** A page for a phone: readable without zooming, usable with a thumb, without any script. */
export function page({ title, body, actor }: { title: string; body: Html; actor?: Actor }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - muster</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a href="/">muster</a>
          ${
            actor &&
            html`<form method="post" action="/sign-out">
              <span>${actor.name}</span> <button>Sign out</button>
            </form>`
          }
        </header>
        <main>${body}</main>
      </body>
    </html> `;
}

/** Answers with a page that nothing keeps. */
export async function sendPage(reply: FastifyReply, shown: Html, status = 200): Promise<void> {
  await reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(shown.text);
}
