import { nextTurn } from '../core/slices.ts';

/** Objects visited between two turns of the event loop: some milliseconds. */
const perTurn = 2_000;

/**
 * Makes equal strings below `root` one string. What came from another thread has a copy of its own of each ("device" 34,000 times): of
 * three sites that is 24 MB of 46. Plain objects, arrays, maps and sets; changes them in place, so they must be nobody else's yet.
 */
export async function shareStrings(root: object): Promise<void> {
  const known = new Map<string, string>();
  const seen = new Set<object>([root]);
  const waiting: object[] = [root];
  const shared = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const first = known.get(value);
      if (first === undefined) known.set(value, value);
      return first ?? value;
    }
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      waiting.push(value);
    }
    return value;
  };
  for (let visited = 1; ; visited += 1) {
    const next = waiting.pop();
    if (next === undefined) return;
    shareIn(next, shared);
    if (visited % perTurn === 0) await nextTurn();
  }
}

function shareIn(container: object, shared: (value: unknown) => unknown): void {
  if (Array.isArray(container))
    for (const [index, value] of container.entries()) container[index] = shared(value);
  else if (container instanceof Map) {
    const entries = [...container].map(([key, value]) => [shared(key), shared(value)] as const);
    container.clear();
    for (const [key, value] of entries) container.set(key, value);
  } else if (container instanceof Set) {
    const values = [...container].map(shared);
    container.clear();
    for (const value of values) container.add(value);
  } else
    for (const [key, value] of Object.entries(container)) {
      const one = shared(value);
      if (typeof one === 'string') Object.assign(container, { [key]: one });
    }
}
