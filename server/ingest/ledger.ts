import type { IngestRepository, RunChange, RunName } from './repository.ts';

interface BatchName extends RunName {
  readonly sequence: number;
}

/** Which batches were taken; survives the server. */
export interface Ledger {
  has(name: BatchName): Promise<boolean>;
  /** Durable when it resolves; marks that come together are written together. `settled`: see the wire. */
  mark(name: BatchName, options: { readonly settled: number; readonly now: number }): Promise<void>;
}

interface RunState {
  readonly settled: number;
  readonly ranges: Ranges;
}

interface Mark {
  readonly name: BatchName;
  readonly settled: number;
  readonly now: number;
}

export function createLedger(repository: Pick<IngestRepository, 'taken' | 'write'>): Ledger {
  const runs = new Map<string, Promise<RunState>>();
  let group: { readonly marks: Mark[]; readonly written: Promise<void> } | undefined;
  let writing: Promise<void> = Promise.resolve();

  function stateOf(name: RunName): Promise<RunState> {
    const known = runs.get(keyOf(name));
    if (known !== undefined) return known;
    const loaded = repository.taken(name);
    runs.set(keyOf(name), loaded);
    // A failed read must not be remembered as the answer.
    loaded.catch(() => runs.delete(keyOf(name)));
    return loaded;
  }

  async function write(marks: readonly Mark[]): Promise<void> {
    const after = new Map<string, RunState>();
    const changes = new Map<string, RunChange>();
    for (const { name, settled, now } of marks) {
      const key = keyOf(name);
      const before = await stateOf(name);
      const so = after.get(key) ?? before;
      const floor = Math.max(so.settled, settled);
      const ranges = from(withNumber(so.ranges, name.sequence), floor);
      after.set(key, { settled: floor, ranges });
      const { collector, run } = name;
      changes.set(key, {
        collector,
        run,
        contactAt: now,
        settled: floor,
        ...difference(before.ranges, ranges),
      });
    }
    await repository.write([...changes.values()]);
    for (const [key, state] of after) runs.set(key, Promise.resolve(state));
  }

  return {
    async has(name) {
      const { settled, ranges } = await stateOf(name);
      return name.sequence < settled || contains(ranges, name.sequence);
    },
    mark(name, { settled, now }) {
      if (group === undefined) {
        const marks: Mark[] = [];
        // Whoever comes before the write begins is written with it.
        const written = writing.then(() => {
          group = undefined;
          return write(marks);
        });
        group = { marks, written };
        writing = written.catch(() => undefined);
      }
      group.marks.push({ name, settled, now });
      return group.written;
    },
  };
}

function keyOf({ collector, run }: RunName): string {
  return `${collector} ${run}`;
}

/** Whole numbers as ranges [first, last], ascending, that neither touch nor overlap. Pure. */
interface Range {
  readonly first: number;
  readonly last: number;
}
export type Ranges = readonly Range[];

export function contains(ranges: Ranges, number: number): boolean {
  const range = ranges.findLast(({ first }) => first <= number);
  return range !== undefined && number <= range.last;
}

/** The ranges with one number more; the same ranges when it is among them. */
export function withNumber(ranges: Ranges, number: number): Ranges {
  if (contains(ranges, number)) return ranges;
  const before = ranges.filter(({ last }) => last < number - 1);
  const after = ranges.filter(({ first }) => first > number + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const first = Math.min(number, touching[0]?.first ?? number);
  const last = Math.max(number, touching.at(-1)?.last ?? number);
  return [...before, { first, last }, ...after];
}

/** Without the ranges that end below a number. */
export function from(ranges: Ranges, number: number): Ranges {
  return ranges.filter(({ last }) => last >= number);
}

/** What to delete and what to insert to make one of the other. */
export function difference(before: Ranges, after: Ranges): { readonly gone: Ranges; readonly come: Ranges } {
  const key = ({ first, last }: Range): string => `${first} ${last}`;
  const had = new Set(before.map(key));
  const has = new Set(after.map(key));
  return {
    gone: before.filter((range) => !has.has(key(range))),
    come: after.filter((range) => !had.has(key(range))),
  };
}
