import type { Point } from '../../config/model.ts';
import type { RuleEntry } from '../../config/schema/rule.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';

/**
 * The node of the topology that an alarm is about (config/topology/graph): a rack for what is measured at its feeds, the PLN
 * source for a lost incomer, the panel of a feed, the collector for what the server knows of it, the protected room for life safety; else the
 * device, room or site that owns the point.
 */
export function seatOf({ rule, point }: Pick<BoundAlarm, 'rule' | 'point'>): string {
  const { site, owner, device, rack, room } = point;
  if (rule.lifeSafety && room !== undefined) return `${site}/${room}`;
  if (rule.effect === 'supply-lost' && point.role === 'incomer') return `${site}/grid:${owner.id}`;
  if (owner.kind === 'site' && point.feed !== undefined) return `${site}/panel:${point.feed}`;
  if (owner.kind === 'site') return isOfCollector(point) ? `${site}/collector:site` : site;
  if (owner.kind === 'rack' && rack !== undefined) return `${site}/${rack}`;
  // What a PDU or meter reads at a rack's feed is about the rack; its link is its own.
  const isMeter = point.kind === 'pdu' || point.kind === 'meter';
  if (rack !== undefined && isMeter && point.source.from !== 'link') return `${site}/${rack}`;
  return `${site}/${device ?? owner.id}`;
}

/** Also whether any provider is up: the collector is what the providers' routers carry to the outside. */
function isOfCollector({ source, quantity }: Point): boolean {
  return source.from === 'collector' || quantity.startsWith('collector-') || quantity === 'providers-up';
}

/** What alarms without an explanation are gathered by; equal subjects make one group. */
export function subjectOf(alarm: BoundAlarm, seat: string): string {
  const { rule, point } = alarm;
  const room = `${point.site}/${point.room ?? ''}`;
  if (rule.lifeSafety) return `${rule.discipline}@${room}`;
  return rule.gather === 'device' ? seat : `${kindOf(rule)}@${room}`;
}

function kindOf({ effect, rule }: RuleEntry): string {
  return effect ?? rule;
}
