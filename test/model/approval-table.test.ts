import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesOf, seat } from '../../src/model/seats.ts';
import { PEOPLE, SITUATIONS, type Situation } from './approval-table.ts';
import { playGate, type Played } from './play-gate.ts';

const all = Object.values(SITUATIONS).flat();

describe.each(Object.entries(SITUATIONS))('%s', (_about, situations) => {
  test.each(situations.map((one) => [one.title, one] as const))('%s', (_title, situation) => {
    const { verdicts = situation.votes.map(() => 'ok'), ends, missing } = situation;
    const played = playGate(situation);
    expect([played.verdicts, played.ends]).toEqual([verdicts, ends]);
    if (missing !== undefined) expect(played.missing).toEqual(missing);
  });
});

test('there are many situations, each with a title of its own', () => {
  const titles = Object.entries(SITUATIONS).flatMap(([about, some]) =>
    some.map(({ title }) => `${about}: ${title}`),
  );
  expect(titles.length).toBeGreaterThanOrEqual(60);
  expect(new Set(titles).size).toBe(titles.length);
});

test('every verdict but those of the signature and the run has a situation', () => {
  const seen = new Set(all.flatMap(({ verdicts = [] }) => verdicts));
  expect([...seen].sort()).toEqual([
    'commentMissing',
    'duplicate',
    'excluded',
    'noRole',
    'noSuchGate',
    'notGiven',
    'notOffered',
    'ok',
    'otherGate',
    'takenBack',
    'tooOften',
    'void',
    'witness',
  ]);
});

describe('what is taken back', () => {
  test('is kept, with who did it and when', () => {
    const { gate } = playGate({
      title: '',
      rules: [{ role: 'manager', count: 2 }],
      votes: ['boris yes', 'boris back'],
      ends: 'open',
    });
    expect(gate.withdrawn).toEqual([
      {
        id: 'vote-0',
        person: 'boris',
        decision: 'approve',
        comment: 'because',
        by: 'vote-1',
        at: 1,
        reason: 'because',
      },
    ]);
  });

  test('is kept as well when somebody says something else', () => {
    const { gate } = playGate({
      title: '',
      decisions: { skip: { role: 'operator', count: 2 } },
      votes: ['emil skip', 'emil retry'],
      ends: 'open',
    });
    expect(gate.withdrawn?.map(({ person, decision }) => `${person} ${decision}`)).toEqual(['emil skip']);
  });
});

test('what is void is kept, with the reason', () => {
  const { gate } = playGate({
    title: '',
    rules: [{ role: 'manager', count: 2 }],
    votes: ['boris yes', 'changed: halted'],
    ends: 'open',
  });
  expect(gate.voided).toMatchObject([
    { at: 1, reasons: ['halted'], votes: [{ person: 'boris', decision: 'approve' }] },
  ]);
});

test('a break-glass approval is kept at the gate, with who and why', () => {
  const { gate } = playGate({
    title: '',
    rules: [{ role: 'manager', count: 1 }],
    votes: ['anna yes alone'],
    ends: 'approved',
  });
  expect(gate.deviation).toEqual({
    how: 'break-glass',
    by: 'anna',
    isStarter: true,
    reason: 'because',
    at: 0,
  });
});

test('a gate that is open again has no deviation', () => {
  const votes = ['anna yes alone', 'gone: anna'];
  const { gate } = playGate({ title: '', rules: [{ role: 'manager', count: 1 }], votes, ends: 'open' });
  expect([gate.deviation, gate.voided?.[0]?.votes[0]?.deviation]).toEqual([undefined, 'break-glass']);
});

describe('votes that arrive in another order', () => {
  const ROLES = ['manager', 'owner', 'operator'] as const;
  const rules = fc.array(
    fc.record({ role: fc.constantFrom(...ROLES), count: fc.integer({ min: 1, max: 2 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  const people = fc.uniqueArray(fc.constantFrom(...Object.keys(PEOPLE)), { minLength: 1 });

  test('come to the same, where each is of another person', () => {
    fc.assert(
      fc.property(rules, people, fc.infiniteStream(fc.nat()), (asked, some, order) => {
        const situation: Situation = {
          title: '',
          rules: asked,
          exclude: ['starter'],
          votes: [],
          ends: 'open',
        };
        const votes = some.map((person) => `${person} yes`);
        expect(playGate(situation, shuffled(votes, order)).ends).toBe(playGate(situation, votes).ends);
      }),
    );
  });

  test('are rejected by a no wherever it comes before the rules are met', () => {
    fc.assert(
      fc.property(people, fc.nat(), (some, at) => {
        const rule = { people: Object.keys(PEOPLE), count: some.length + 1 };
        const votes = some.map((person, index) => `${person} ${index === at % some.length ? 'no' : 'yes'}`);
        expect(playGate({ title: '', rules: [rule], votes, ends: 'open' }).ends).toBe('rejected');
      }),
    );
  });

  test('of which some are taken back come to what the others come to', () => {
    fc.assert(
      fc.property(rules, people, people, fc.infiniteStream(fc.nat()), (asked, some, back, order) => {
        // Nobody is called so: nothing is decided while the votes come.
        const open: Situation = {
          title: '',
          rules: [...asked, { people: ['x'], count: 1 }],
          votes: [],
          ends: 'open',
        };
        const lines = some.map((person) => [
          `${person} yes`,
          ...(back.includes(person) ? [`${person} back`] : []),
        ]);
        const stay = some.filter((person) => !back.includes(person)).map((person) => `${person} yes`);
        const filled = ({ gate }: Played): number => seat(placesOf(asked), gate.votes).size;
        expect(filled(playGate(open, merged(lines, order)))).toBe(filled(playGate(open, stay)));
      }),
    );
  });
});

/** The same texts in another order. */
function shuffled(texts: readonly string[], order: fc.Stream<number>): string[] {
  const left = [...texts];
  return texts.flatMap(() => left.splice(Number(order.next().value) % left.length, 1));
}

/** The lines one between the other, each in its own order. */
function merged(lines: readonly (readonly string[])[], order: fc.Stream<number>): string[] {
  const left = lines.map((line) => [...line]);
  const texts: string[] = [];
  for (;;) {
    const open = left.filter((line) => line.length > 0);
    if (open.length === 0) return texts;
    texts.push(...(open[Number(order.next().value) % open.length]?.splice(0, 1) ?? []));
  }
}
