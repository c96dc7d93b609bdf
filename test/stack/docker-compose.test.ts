import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT_ROOT } from './helpers.ts';

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      ports: z.array(z.string()).default([]),
      environment: z.record(z.string(), z.string()),
      healthcheck: z.object({ test: z.array(z.string()) }),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      volumes: z.array(z.string()).default([]),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

async function readCompose() {
  return composeSchema.parse(parse(await readFile(join(PROJECT_ROOT, 'docker-compose.yml'), 'utf8')));
}

describe('docker-compose.yml', () => {
  it('brings up PostgreSQL, Temporal and its UI, one after the other', async () => {
    const { services } = await readCompose();
    expect(Object.entries(services).map(([name, { depends_on: after }]) => [name, after])).toEqual([
      ['postgres', {}],
      ['temporal', { postgres: { condition: 'service_healthy' } }],
      ['temporal-ui', { temporal: { condition: 'service_healthy' } }],
    ]);
  });

  it('opens ports on loopback only', async () => {
    const { services } = await readCompose();
    expect(Object.values(services).flatMap(({ ports }) => ports)).toEqual([
      '127.0.0.1:5432:5432',
      '127.0.0.1:7233:7233',
      '127.0.0.1:8233:8080',
    ]);
  });

  it('pins every image to a version', async () => {
    const { services } = await readCompose();
    for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-\w+)?$/);
  });

  it('has no password of its own', async () => {
    const { services } = await readCompose();
    const passwords = Object.values(services).flatMap(({ environment }) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD/.test(name)),
    );
    expect(passwords).toHaveLength(2);
    for (const [, value] of passwords) expect(value).toMatch(/^\$\{MUSTER_POSTGRES_PASSWORD:\?/);
  });

  it('keeps the database in a volume', async () => {
    const { services, volumes } = await readCompose();
    expect(services['postgres']?.volumes).toEqual(['postgres-data:/var/lib/postgresql/data']);
    expect(Object.keys(volumes)).toEqual(['postgres-data']);
  });
});
