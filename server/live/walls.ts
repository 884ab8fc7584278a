import type { Logger } from 'pino';
import { serverOwner } from '../../config/build/paging.ts';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { good, type ReadingSink } from '../../core/reading.ts';
import { repeat } from '../../core/repeat.ts';
import type { WallRepository } from './wall-repository.ts';

/** How often a wall reports, and is looked after. */
const everyMs = 10_000;
/** A wall that has not painted for so long was taken down. */
const forgottenAfterMs = 30 * 86_400_000;

/**
 * Walls that have stopped painting. A frozen browser keeps its last picture, so only its silence tells; a wall is known by its account
 * (role `wall`) from its first report on, also over restarts, until the account is closed.
 */
export interface Walls {
  /** A wall has painted since its last report. */
  painted(name: string): Promise<void>;
  /** How long the longest-silent wall has not painted, ms; 0 when there is none. */
  silenceMs(): number;
  /** Reads again which walls there are. */
  refresh(): Promise<void>;
}

export function createWalls({ repository, clock }: { repository: WallRepository; clock: Clock }): Walls {
  /** Monotonic time of the last report; of one known from before the start, that of the start. */
  const seen = new Map<string, number>();
  return {
    async painted(name) {
      seen.set(name, clock.monotonic());
      await repository.painted(name, clock.now());
    },
    silenceMs: () => Math.max(0, ...[...seen.values()].map((at) => clock.monotonic() - at)),
    async refresh() {
      const known = new Set(await repository.known(clock.now() - forgottenAfterMs));
      for (const name of known) if (!seen.has(name)) seen.set(name, clock.monotonic());
      for (const name of seen.keys()) if (!known.has(name)) seen.delete(name);
    },
  };
}

/** Makes readings of the walls' silence, so that a rule judges it as it judges the field. */
export function watchWalls(options: {
  readonly model: Pick<Model, 'sites' | 'pointById'>;
  readonly walls: Walls;
  readonly accept: ReadingSink;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'error'>;
}): { close(): Promise<void> } {
  const { model, walls, accept, clock, log } = options;
  const point = model.pointById.get(`${model.sites[0]?.id}/${serverOwner}/wall-age`);
  return repeat(clock, { everyMs }, async () => {
    try {
      await walls.refresh();
    } catch (error) {
      log.error({ err: error }, 'live: which walls there are could not be read');
    }
    if (point === undefined) return;
    accept([
      { point: point.index, at: clock.now(), value: Math.round(walls.silenceMs() / 1_000), quality: good },
    ]);
  });
}
