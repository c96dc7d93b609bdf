export { createApp } from './app.ts';
export { listen, type HttpServer } from './listen.ts';
export type { Health, HttpParts } from './parts.ts';
