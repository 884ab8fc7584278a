import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { openAt, worstIncident } from '../../domain/severity.ts';

/** What the wall shows: all sites beside each other, the sites in turn, or one of them. `?tampil=` in the address. */
export const inTurn = 'bergilir';
export const together = 'semua';

/** Each picture stands for so long; long enough to read it from across the room. */
export const stageMs = 20_000;

/** Ranks of what is not known, among the priorities 1 to 5: a blind site is as urgent as a P2, a part of one less than any incident. */
const ranks = { blind: 2, silent: 6, calm: 7 } as const;

/** How urgent a site is to be looked at; the less, the more urgent. */
export function troubleOf(
  site: string,
  incidents: readonly IncidentSummary[],
  knowledge: { readonly blind: boolean; readonly silent: number },
): number {
  const worst = worstIncident(openAt(incidents, { site }));
  return Math.min(
    worst === undefined ? ranks.calm : worst.lifeSafety ? 0 : Number(worst.priority.slice(1)),
    knowledge.blind ? ranks.blind : knowledge.silent > 0 ? ranks.silent : ranks.calm,
  );
}

/**
 * The pictures in turn: all sites together, then one by one, while everything is well. Where something is wrong the wall stops: it
 * shows the most urgent site, or takes turns between those that are equally urgent.
 */
export function stagesOf(troubles: ReadonlyMap<string, number>): readonly string[] {
  const worst = Math.min(ranks.calm, ...troubles.values());
  const sites = [...troubles.keys()];
  if (worst === ranks.calm) return sites.length > 1 ? [together, ...sites] : sites;
  return sites.filter((site) => troubles.get(site) === worst);
}

/** Which picture stands at a time, epoch ms: every wall of a room shows the same one. */
export function stageAt(stages: readonly string[], now: number): string {
  return stages[Math.floor(now / stageMs) % stages.length] ?? together;
}
