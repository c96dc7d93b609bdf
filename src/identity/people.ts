/** Somebody the configuration knows. */
export interface Person {
  /** What `--as` and rules name: lower case, no spaces. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Who there is, and who holds which role. */
export interface PeopleDirectory {
  find(id: string): Person | undefined;
  /** In the order of the configuration. */
  roleHolders(role: string): readonly Person[];
}

/** The directory over the people of the configuration. */
export function createPeopleDirectory(people: ReadonlyMap<string, Person>): PeopleDirectory {
  return {
    find: (id) => people.get(id),
    roleHolders: (role) => [...people.values()].filter(({ roles }) => roles.includes(role)),
  };
}
