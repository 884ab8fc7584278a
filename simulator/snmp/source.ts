import type { Varbind } from './value.ts';

/** Where an agent's answers come from. OIDs are dotted, without a leading dot. */
export interface OidSource {
  get(oid: string): Varbind | undefined;
  /** The first one behind `oid` in the order of OIDs, whether or not `oid` itself exists. */
  next(oid: string): Varbind | undefined;
}

export function parseOid(oid: string): readonly number[] {
  return oid.split('.').map(Number);
}

/** Order of OIDs: arc by arc as numbers, a prefix before what it begins. */
export function compareOids(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A source over a fixed set of OIDs whose values are asked for at each answer; of a repeated OID the first counts. */
export function sortedSource<Entry extends { readonly oid: string }>(
  entries: Iterable<Entry>,
  read: (entry: Entry) => Varbind | undefined,
): OidSource {
  const byOid = new Map<string, Entry>();
  for (const entry of entries) if (!byOid.has(entry.oid)) byOid.set(entry.oid, entry);
  const sorted = [...byOid.values()].map((entry) => ({ entry, arcs: parseOid(entry.oid) }));
  sorted.sort((a, b) => compareOids(a.arcs, b.arcs));

  const firstBehind = (arcs: readonly number[]): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = sorted[middle];
      if (candidate !== undefined && compareOids(candidate.arcs, arcs) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get(oid) {
      const entry = byOid.get(oid);
      return entry === undefined ? undefined : read(entry);
    },
    next(oid) {
      for (let i = firstBehind(parseOid(oid)); i < sorted.length; i += 1) {
        const item = sorted[i];
        const varbind = item === undefined ? undefined : read(item.entry);
        if (varbind !== undefined) return varbind;
      }
      return undefined;
    },
  };
}
