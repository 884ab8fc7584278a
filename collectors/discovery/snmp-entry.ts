import { defined } from '../../core/defined.ts';
import type { SnmpAccess } from '../../config/schema/site.ts';
import type { SnmpProfile } from '../../config/schema/profile.ts';
import type { Combination } from '../probe/combine.ts';
import type { SnmpAddress } from '../probe/listen.ts';
import type { Survey } from '../probe/probe.ts';
import type { Proposed } from './entry.ts';

/** What the site's file says of all its agents already; an entry repeats none of it. */
const usualAccess: SnmpAccess = { version: '2c', community: 'public' };

/** The devices behind one agent, as entries of a site's file. */
export function proposedBy(
  { identity, combinations }: Survey,
  address: SnmpAddress,
  siteAccess: SnmpAccess = usualAccess,
): Proposed[] {
  return combinations.map((combination): Proposed => {
    const { base, completions, instance, doubt, rows, absent } = combination;
    const good = rows.filter(({ value }) => value !== null).length;
    return {
      kind: base.kind,
      profile: base.name,
      completedBy: completions.map(({ profile, instead }) => ({ profile: profile.name, instead })),
      address: address.port === 161 ? address.host : `${address.host}:${address.port}`,
      name: identity.name,
      location: identity.location,
      more: defined({
        snmp: isSame(address.access, siteAccess) ? undefined : address.access,
        instance,
        parts: partsOf(combination),
      }),
      evidence: [
        `${base.maker === 'any' ? base.model : `${base.maker} ${base.model}`}, ${good} good values`,
        ...(base.toBeConfirmed === undefined ? [] : ['map to be confirmed']),
        ...(absent.length === 0 ? [] : [`${absent.join(' and ')} left out: all zero`]),
      ],
      doubt,
    };
  });
}

function isSame(one: SnmpAccess, other: SnmpAccess): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Parts that the profiles do not name by themselves, or name otherwise. */
function partsOf({ base, completions, parts }: Combination): Record<string, readonly string[]> | undefined {
  const usual = new Map([base, ...completions.map(({ profile }) => profile)].flatMap(usualParts));
  const own = Object.entries(parts).filter(
    ([group, found]) => found.length > 0 && found.join(' ') !== usual.get(group)?.join(' '),
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function usualParts({ tables }: SnmpProfile): [string, readonly string[]][] {
  return tables.map(({ group, parts }) => [group, parts]);
}
