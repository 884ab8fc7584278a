import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import { rosterHole } from '../../config/build/server.ts';
import type { Clock } from '../../core/clock.ts';
import { good, type Reading, type ReadingSink } from '../../core/reading.ts';
import { repeat } from '../../core/repeat.ts';
import { firstHoleAt } from './prover.ts';
import type { Proved, RosterService } from './service.ts';

/** The proof is made again this often, since channels fail and addresses run out; a change of the roster asks at once. */
const proveEveryMs = 600_000;
/** What it says moves with the time of day: the point is given a value this often. */
const publishEveryMs = 30_000;
const msPerSecond = 1_000;

export interface RosterWatch {
  /** The latest proof; undefined: there is no people.yaml. */
  proof(): Proved | undefined;
  close(): Promise<void>;
}

/**
 * Proves the roster all the time and gives each site a point: how long until a page would reach nobody. A rule makes an alarm of it a day
 * before that.
 */
export function watchRoster(options: {
  readonly model: Pick<Model, 'sites' | 'pointById' | 'field'>;
  readonly roster: RosterService;
  /** What fails now, as one text: another one asks for another proof. */
  readonly waysNow: () => string;
  readonly accept: ReadingSink;
  readonly clock: Clock;
  readonly log: Logger;
}): RosterWatch {
  const { model, roster, waysNow, accept, clock, log } = options;
  let proof: Proved | undefined;
  let provedAt = -Infinity;
  let ways = '';
  let logged = '';

  function prove(): void {
    ways = waysNow();
    proof = roster.prove();
    provedAt = clock.monotonic();
    const [first] = proof?.holes ?? [];
    const text = first === undefined ? '' : `${first.site} ${first.priority} ${first.kind} ${first.from}`;
    if (text !== logged && first !== undefined)
      log.warn({ hole: first, holes: proof?.holes.length }, 'the roster has a hole: a page would not arrive in time');
    logged = text;
  } // prettier-ignore

  function publish(): void {
    if (clock.monotonic() - provedAt >= proveEveryMs || waysNow() !== ways) prove();
    accept(rosterReadings({ model, proof, now: clock.now() }));
  }

  prove();
  roster.onChange(() => {
    prove();
    publish();
  });
  const watching = repeat(clock, { everyMs: publishEveryMs }, publish);
  return { proof: () => proof, close: () => watching.close() };
}

/**
 * Seconds until the first hole of each site, at most as long as was proved. Where nobody can be paged at all, that is now; while the field
 * is simulated nobody need be. Pure.
 */
function rosterReadings({
  model,
  proof,
  now,
}: {
  readonly model: Pick<Model, 'sites' | 'pointById' | 'field'>;
  readonly proof: Proved | undefined;
  readonly now: number;
}): Reading[] {
  if (proof === undefined && model.field === 'simulated') return [];
  return model.sites.flatMap(({ id }): Reading[] => {
    const point = model.pointById.get(`${id}/site/${rosterHole}`);
    if (point === undefined) return [];
    const first = proof === undefined ? now : (firstHoleAt(proof, id, now) ?? proof.to);
    return [{ point: point.index, at: now, value: Math.max(0, Math.round((first - now) / msPerSecond)), quality: good }];
  });
} // prettier-ignore
