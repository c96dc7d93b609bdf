import { setTimeout as pause } from 'node:timers/promises';
import type { Muster, RunView } from '../../src/client/index.ts';
import { createHttpMuster } from '../../src/client/over-http.ts';
import { signInAt } from '../../src/client/sign-in-over-http.ts';
import { openCheckpoint, parseVerifierKey, verifyBundle, verifyLedger } from '../../src/ledger/index.ts';
import type { FailureCode } from '../../src/model/failure.ts';
import type { LedgerEntry } from '../../src/model/ledger-entry.ts';
import { openDatabase, openStores, type KeptEntry, type Stores } from '../../src/store/index.ts';
import { PASSWORD } from '../identity/door.ts';
import { randomFrom } from '../support/random.ts';
import {
  AGENTS,
  startKilledSite,
  VICTIMS,
  type KilledPlace,
  type KilledSite,
  type Victim,
} from './killed-site.ts';

/** A gate, and a command for each agent: everything that is entered in one transaction with what it speaks of. */
const RUNBOOK = `
apiVersion: muster/v1
name: tokens
title: A recovery token for each agent, once somebody agreed
connections: { vbr: dr-backup }
steps:
  - id: go
    approval: { title: Issue them?, rules: [{ role: dr-manager, count: 1 }] }
${AGENTS.map(
  (name, index) => `  - { id: find${index}, uses: vbr.findAgentBackup, with: { name: ${name} } }
  - id: issue${index}
    uses: vbr.issueRecoveryToken
    with: { backupIds: '\${{ steps.find${index}.output.backupIds }}', validFor: 8h }`,
).join('\n')}
`;
/** Runs that are open at once. */
const OPEN_RUNS = 4;
/** Between two looks at what waits for people. */
const LOOK_EVERY_MS = 200;
/** Between two kills, beside the time that a start takes. */
const MAX_PAUSE_MS = 2_000;
/** When everything is up again, no run takes longer to its end. */
const SETTLE_MS = 180_000;

const UNCLEAR: FailureCode = 'effect.unclear';

/** What became of a muster whose processes were killed. */
export interface Killed {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly runs: number;
  /** Runs by their outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly entries: number;
  readonly checkpoints: number;
  /** Recovery tokens on the server, and steps that issued one: the same, when nothing was done twice. */
  readonly effects: number;
  readonly steps: number;
  /** How often people were asked about a failed step, by its code; `effect.unclear` is left out of the count of steps. */
  readonly asked: Readonly<Record<string, number>>;
  /** What is wrong, in sentences. */
  readonly wrong: readonly string[];
  readonly milliseconds: number;
}

/** Kills processes at random moments while runs go on, and looks at what is left. The same seed kills the same ones. */
export async function killMany(
  place: KilledPlace,
  {
    kills,
    seed,
    say,
  }: { readonly kills: number; readonly seed: number; readonly say: (line: string) => void },
): Promise<Killed> {
  const begun = performance.now();
  const site = await startKilledSite(place);
  try {
    const people = new People(site.url);
    await people.signIn();
    const counts: Record<Victim, number> = { worker: 0, server: 0, database: 0 };
    const random = randomFrom(seed);
    const working = people.keepBusy();
    for (let number = 1; number <= kills; number += 1) {
      await pause(random(MAX_PAUSE_MS));
      const victim = VICTIMS[random(VICTIMS.length)] ?? 'worker';
      await site.kill(victim);
      counts[victim] += 1;
      if (number % 10 === 0) say(`${number} of ${kills} kills, ${people.started} runs`);
    }
    people.startNoMore();
    await working;
    return {
      kills: counts,
      milliseconds: Math.round(performance.now() - begun),
      ...(await foundAt(site, people)),
    };
  } finally {
    await site.stop();
  }
}

/** Starts runs and answers what they ask, whatever goes down meanwhile. */
class People {
  readonly #url: string;
  #anna: Muster | undefined;
  #boris: Muster | undefined;
  #isStarting = true;
  started = 0;
  readonly asked: Record<string, number> = {};

  constructor(url: string) {
    this.#url = url;
  }

  get anna(): Muster {
    if (this.#anna === undefined) throw new Error('nobody has signed in');
    return this.#anna;
  }

  async signIn(): Promise<void> {
    const as = async (person: string): Promise<Muster> => {
      const { credential } = await signInAt(this.#url, { person, password: PASSWORD });
      return createHttpMuster({ url: this.#url, credential });
    };
    [this.#anna, this.#boris] = [await as('anna'), await as('boris')];
  }

  startNoMore(): void {
    this.#isStarting = false;
  }

  /** Until nothing is to be started any more, and every run has ended. @throws Error when runs do not come to their end */
  async keepBusy(): Promise<void> {
    let endBy = Infinity;
    for (;;) {
      await pause(LOOK_EVERY_MS);
      if (!this.#isStarting && endBy === Infinity) endBy = performance.now() + SETTLE_MS;
      if (performance.now() > endBy) throw new Error('The runs do not come to their end.');
      try {
        const open = (await this.allRuns()).filter(({ endedAt }) => endedAt === undefined);
        if (!this.#isStarting && open.length === 0) return;
        if (this.#isStarting && open.length < OPEN_RUNS) await this.#start();
        await this.#answer();
      } catch {
        // Whatever was asked is down, and is asked again.
      }
    }
  }

  allRuns() {
    return this.anna.list({ limit: 1_000 });
  }

  async #start(): Promise<void> {
    await this.anna.start({
      file: 'tokens.yaml',
      text: RUNBOOK,
      mode: 'drill',
      purpose: 'exercise',
      inputs: {},
    });
    this.started += 1;
  }

  async #answer(): Promise<void> {
    for (const { runId, gate, kind } of await this.anna.inbox()) {
      if (kind === 'approval') {
        await this.#boris?.vote({ runId, gate, decision: 'approve' });
        continue;
      }
      const { failure } = stepIn(await this.anna.show(runId), gate);
      const code = failure?.code ?? 'none';
      const decision = code === UNCLEAR ? 'skip' : 'retry';
      await this.anna.vote({ runId, gate, decision, comment: 'for the trial' });
      this.asked[code] = (this.asked[code] ?? 0) + 1;
    }
  }
}

function stepIn({ steps }: RunView, path: string) {
  const step = steps.find((one) => one.path === path);
  if (step === undefined) throw new Error(`no step ${path}`);
  return step;
}

/** Looks at everything that is left. */
async function foundAt(site: KilledSite, people: People): Promise<Omit<Killed, 'kills' | 'milliseconds'>> {
  const runs = await people.allRuns();
  const views = await inTurn(runs, ({ runId }) => people.anna.show(runId));
  const issued = views.flatMap(({ steps }) =>
    steps.filter(({ path, outcome }) => path.startsWith('issue') && outcome === 'succeeded'),
  );
  const effects = site.simulator.world.recoveryTokens.list().length;
  const outcomes: Record<string, number> = {};
  for (const { outcome = 'none' } of views) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const database = openDatabase({ url: await site.databaseUrl() });
  const stores = await openStores({ database, folder: site.dataDir });
  try {
    const { key, origin } = await people.anna.ledger();
    const bundles = await inTurn(runs, ({ runId }) => people.anna.evidence(runId));
    const ledgerKeys = [parseVerifierKey(key)];
    const entries = await entriesOf(stores);
    const checkpoints = (await stores.ledger.checkpoints()).map(({ note }) => note);
    const verdict = verifyLedger({ entries, checkpoints }, { origin, ledgerKeys });
    // Of what nobody can tell, people leave the step out: its run ends with a warning.
    const leftOut = people.asked[UNCLEAR] ?? 0;
    const unwell = runs.length - (outcomes['succeeded'] ?? 0);
    const wrong = [
      ...(unwell > leftOut ? [`${unwell} runs did not end well.`] : []),
      ...(verdict.ok ? [] : [`The ledger: ${verdict.problem.sentence}`]),
      ...notEntered(entries, views),
      ...bundles.flatMap((bytes, index) => {
        const found = verifyBundle(bytes, { origin, ledgerKeys });
        return found.ok ? [] : [`${runs[index]?.runId ?? ''}: ${found.problem.sentence}`];
      }),
      ...checkpoints.flatMap((note) => {
        const { checkpoint } = openCheckpoint(note, { origin, ledger: ledgerKeys });
        return checkpoint.size > entries.length ? [`A checkpoint of ${checkpoint.size} entries.`] : [];
      }),
      ...(effects > issued.length + leftOut ? ['Something was done twice.'] : []),
      ...(effects < issued.length ? ['Something was said to be done, and was not.'] : []),
    ];
    return {
      runs: runs.length,
      outcomes,
      entries: entries.length,
      checkpoints: checkpoints.length,
      effects,
      steps: issued.length,
      asked: people.asked,
      wrong,
    };
  } finally {
    await stores.close();
  }
}

/** What should be in the ledger of each run and is not, or is twice. */
function notEntered(kept: readonly KeptEntry[], views: readonly RunView[]): readonly string[] {
  const entries = kept.map(({ text }) => JSON.parse(text) as LedgerEntry);
  const keys = new Set(entries.map(({ key }) => key));
  const twice =
    keys.size === entries.length ? [] : [`${entries.length - keys.size} entries are there twice.`];
  return [
    ...twice,
    ...views.flatMap(({ timeline, steps }) => {
      const { firstExecutionId: run, runId } = timeline.run;
      const own = entries.filter((entry) => entry.run === run);
      const has = (kind: LedgerEntry['kind'], path?: string): boolean =>
        own.some(
          (entry) => entry.kind === kind && (path === undefined || ('path' in entry && entry.path === path)),
        );
      const missing = [
        ...(['run.started', 'run.ended', 'gate.opened', 'vote', 'gate.decided'] as const).filter(
          (kind) => !has(kind),
        ),
        ...steps
          .filter(({ command }) => command !== undefined)
          .flatMap(({ path }) =>
            (['intent', 'effect', 'step.ended'] as const)
              .filter((kind) => !has(kind, path))
              .map((kind) => `${kind} of ${path}`),
          ),
      ];
      const ends = own.flatMap((entry) =>
        entry.kind === 'step.ended' ? [`attempt ${entry.attempt} of ${entry.path}`] : [],
      );
      return [
        ...missing.map((what) => `${runId}: there is no ${what}.`),
        ...ends
          .filter((what, index) => ends.indexOf(what) !== index)
          .map((what) => `${runId}: ${what} ended twice.`),
      ];
    }),
  ];
}

async function entriesOf({ ledger }: Pick<Stores, 'ledger'>): Promise<readonly KeptEntry[]> {
  const entries: KeptEntry[] = [];
  for (;;) {
    const page = await ledger.page(entries.length, 5_000);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
