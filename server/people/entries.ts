export interface By {
  readonly actor: string;
  readonly at: number;
}

type Entered<New> = New & { readonly id: string };

/** What people entered and have not taken back. Kept in memory as well: who is on call is asked when an incident opens. */
export interface Entries<New> {
  /** Past, present and coming ones. */
  current(): readonly Entered<New>[];
  add(entry: New, by: By): Promise<Entered<New>>;
  /** False: there is no such entry, or it was taken back before. */
  end(id: string, by: By): Promise<boolean>;
}

export function createEntries<New>(
  stored: readonly Entered<New>[],
  table: {
    readonly newId: (at: number) => string;
    readonly insert: (entry: Entered<New>, by: By) => Promise<unknown>;
    readonly end: (id: string, by: By) => Promise<unknown>;
  },
): Entries<New> {
  const known = new Map(stored.map((entry) => [entry.id, entry]));
  return {
    current: () => [...known.values()],
    async add(entry, by) {
      const added = { ...entry, id: table.newId(by.at) };
      await table.insert(added, by);
      known.set(added.id, added);
      return added;
    },
    async end(id, by) {
      if (!known.has(id)) return false;
      await table.end(id, by);
      return known.delete(id);
    },
  };
}
