/** Keys by the moment at which each is due. Taking those that are due costs what is due, not what is kept. */
export interface Deadlines {
  /** In place of the moment that the key had. Infinity: never. */
  set(key: string, at: number): void;
  delete(key: string): void;
  /** Those due at `now` or before; each is forgotten until it is set again. */
  take(now: number): string[];
}

interface Entry {
  readonly key: string;
  readonly at: number;
}

/** A binary heap; an entry whose key has another moment by now is passed over when it comes up. */
export function createDeadlines(): Deadlines {
  const momentOf = new Map<string, number>();
  let heap: Entry[] = [];

  function put(entry: Entry): void {
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= entry.at) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  function removeFirst(): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const isRight = right !== undefined && left !== undefined && right.at < left.at;
      const earlier = isRight ? right : left;
      if (earlier === undefined || earlier.at >= last.at) break;
      heap[place] = earlier;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
  }

  /** What is passed over later must not outgrow what is kept. */
  function sweep(): void {
    if (heap.length <= 2 * momentOf.size + 64) return;
    heap = [...momentOf].map(([key, at]) => ({ key, at })).sort((a, b) => a.at - b.at);
  }

  return {
    set(key, at) {
      if (momentOf.get(key) === at) return;
      if (at === Infinity) {
        momentOf.delete(key);
        return;
      }
      momentOf.set(key, at);
      put({ key, at });
      sweep();
    },
    delete: (key) => void momentOf.delete(key),
    take(now) {
      const due: string[] = [];
      for (let [first] = heap; first !== undefined && first.at <= now; [first] = heap) {
        removeFirst();
        const { key, at } = first;
        if (momentOf.get(key) !== at) continue;
        momentOf.delete(key);
        due.push(key);
      }
      return due;
    },
  };
}
