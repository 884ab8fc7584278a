import { hash } from '../physics/noise.ts';

const slotMs = 100;

/** One timer for many periodic jobs: each has a slot of its period, by its name, so that they come evenly. */
export class Wheel<T> {
  readonly #rings = new Map<number, T[][]>();
  #next: number | undefined;

  add(job: T, { name, periodMs }: { readonly name: string; readonly periodMs: number }): void {
    const slots = Math.max(1, Math.round(periodMs / slotMs));
    const ring = this.#rings.get(slots) ?? Array.from({ length: slots }, (): T[] => []);
    this.#rings.set(slots, ring);
    ring[hash(name, 0) % slots]?.push(job);
  }

  /** The jobs due since the last turn; after a long pause each at most once. */
  turn(now: number): T[] {
    const slot = Math.floor(now / slotMs);
    const from = this.#next ?? slot;
    this.#next = slot + 1;
    const due: T[] = [];
    for (const [slots, ring] of this.#rings) {
      for (let at = Math.max(from, slot - slots + 1); at <= slot; at++) due.push(...(ring[at % slots] ?? []));
    }
    return due;
  }
}
