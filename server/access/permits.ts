import type { Model } from '../../config/model.ts';
import { outageOf } from '../../config/topology/outage.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { Clock } from '../../core/clock.ts';
import type { StandingAlarm } from '../alarms/engine.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { TicketRecord, TicketRepository } from './repository.ts';
import { takesOutOf } from './view.ts';

/** What is not there to carry a load already, or may be gone at any moment: by key in the topology. */
export interface AlreadyOut {
  /** Things of the power chain in alarm or out of service. */
  readonly impaired: ReadonlySet<string>;
  /** By other permits whose windows overlap. */
  readonly permits: readonly { readonly ticket: string; readonly out: readonly string[] }[];
}

/**
 * Why work that takes these things out cannot be approved: together with what is impaired and what other permits take out it would leave racks
 * dark that are supplied without it. Undefined: it can be. Pure.
 */
export function permitRefusal(
  topology: Topology,
  takesOut: readonly string[],
  { impaired, permits }: AlreadyOut,
): string | undefined {
  if (takesOut.length === 0) return undefined;
  const others = permits.flatMap(({ out }) => out);
  const before = new Set([...impaired, ...others]);
  const darkBefore = new Set(outageOf(topology, before).dark);
  const dark = outageOf(topology, new Set([...before, ...takesOut])).dark.filter((key) => !darkBefore.has(key));
  const [first] = dark;
  if (first === undefined) return undefined;
  const racks = dark.length === 1 ? first : `${dark.length} racks, ${first} the first of them,`;
  const alone = outageOf(topology, new Set(takesOut)).dark.includes(first);
  if (alone) return `takesOut: without ${listed(takesOut)} ${racks} would be dark`;
  const isByPermits = outageOf(topology, new Set([...others, ...takesOut])).dark.includes(first);
  const because = isByPermits
    ? `ticket ${permits.map(({ ticket, out }) => `${ticket} takes out ${listed(out)}`).join(', ticket ')} in an overlapping window`
    : `${listed([...impaired])} ${impaired.size === 1 ? 'is' : 'are'} in alarm or out of service`;
  return `takesOut: without ${listed(takesOut)} ${racks} would be dark, since ${because}; choose another time, or have that put right first`;
} // prettier-ignore

function listed(keys: readonly string[]): string {
  const shown = 5;
  const rest = keys.length - shown;
  return keys.slice(0, shown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** Things whose alarm may be the end of the supply through them. */
const powerKinds = new Set(['ups', 'ats', 'pdu', 'genset', 'meter']);

/** Devices of the power chain that have an alarm now or are out of service. Pure. */
function impairedBy(standing: readonly Pick<StandingAlarm, 'alarm' | 'facts'>[]): Set<string> {
  return new Set(
    standing.flatMap(({ alarm: { rule, point }, facts }) => {
      const isDown = facts.inAlarm || facts.latched || facts.outOfService;
      const isPower = rule.discipline === 'power' && point.kind !== undefined && powerKinds.has(point.kind);
      return isDown && isPower && point.device !== undefined ? `${point.site}/${point.device}` : [];
    }),
  );
}

/** What a permit needs of the rest of the plant. */
export interface Permits {
  /** Why it cannot be approved now, in words; undefined: it can. */
  refusalOf(ticket: TicketRecord): Promise<string | undefined>;
  /** Opens the suppression of its rooms, from check-in on. */
  begin(ticket: TicketRecord, actor: string): Promise<void>;
  end(ticket: TicketRecord, actor: string): Promise<void>;
}

const committed = new Set(['approved', 'scheduled', 'checked-in', 'reopened']);

export function createPermits(options: {
  readonly model: Pick<Model, 'topology'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly tickets: Pick<TicketRepository, 'around'>;
  readonly standing: () => readonly StandingAlarm[];
  readonly plantStates: PlantStates;
}): Permits {
  const { model, clock, tickets, standing, plantStates } = options;
  const keysOf = (ticket: TicketRecord): string[] => takesOutOf(ticket).map((device) => `${ticket.site}/${device}`);
  return {
    async refusalOf(ticket) {
      const takesOut = keysOf(ticket);
      if (takesOut.length === 0) return undefined;
      const overlapping = (await tickets.around({ from: ticket.from_at, to: ticket.to_at })).filter(
        (each) =>
          each.id !== ticket.id && committed.has(each.state) && each.from_at < ticket.to_at && each.to_at > ticket.from_at,
      );
      return permitRefusal(model.topology, takesOut, {
        impaired: impairedBy(standing()),
        permits: overlapping
          .map((each) => ({ ticket: each.id, out: keysOf(each) }))
          .filter(({ out }) => out.length > 0),
      });
    },
    async begin(ticket, actor) {
      if (ticket.suppresses === null) return;
      const from_at = clock.now();
      const reason = `${ticket.suppresses}: ${ticket.activity}`.slice(0, 500);
      const { site, id, to_at } = ticket;
      for (const room of ticket.rooms)
        await plantStates.declare({ state: 'permit', site, room, ticket: id, reason, from_at, to_at }, actor);
    },
    async end(ticket, actor) {
      for (const { id, ticket: of } of plantStates.current()) if (of === ticket.id) await plantStates.end(id, actor);
    },
  };
} // prettier-ignore
