import { openDatabase, openStores } from '../../src/store/index.ts';

/** A process that records one intent after the other until it is killed, and says each epoch once it may act on it. */
const [, , folder = ''] = process.argv;
const { intents } = await openStores({
  database: openDatabase({ url: process.env['DATABASE_URL'] }),
  folder,
});
for (;;) {
  const recorded = await intents.begin({
    run: 'run',
    // Of its own: of one step only one begins.
    path: `failover${process.pid}`,
    attempt: 1,
    action: 'vro.failover',
    connection: 'dr-site',
    target: 'dr-site/plan/ERP',
    baseline: { stateName: 'Ready', filler: 'x'.repeat(20_000) },
    requestDigest: 'd',
    sendBefore: 0,
  });
  process.stdout.write(`${recorded.epoch}\n`);
  await intents.finish(recorded, { how: 'notDone', at: 1 });
}
