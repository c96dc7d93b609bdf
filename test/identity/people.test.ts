import { expect, it } from 'vitest';
import { createPeopleDirectory } from '../../src/identity/index.ts';

const anna = { id: 'anna', name: 'Anna', roles: ['operator'] };
const emil = { id: 'emil', name: 'Emil', roles: ['operator', 'dr-manager'] };
const directory = createPeopleDirectory(new Map([anna, emil].map((person) => [person.id, person])));

it('finds people by id only', () => {
  expect([directory.find('anna'), directory.find('Anna')]).toEqual([anna, undefined]);
});

it('tells who holds a role', () => {
  expect(directory.roleHolders('operator')).toEqual([anna, emil]);
});
