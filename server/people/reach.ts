import { addressOf, type Channel, type PersonEntry } from '../../config/schema/people.ts';
import type { Reach } from './roster.ts';

/** What is known of the ways to people. */
export interface Ways {
  /** Channels that are set up. */
  readonly usable: ReadonlySet<Channel>;
  /** Those of them that fail now. */
  readonly failing: () => ReadonlySet<Channel>;
  /** The person's own address has run out, such as a push subscription that was withdrawn. */
  readonly expired: (person: PersonEntry, by: Channel) => boolean;
  /** The field is simulated and no channel is set up: the roster is proved as if every channel were. */
  readonly assumed: boolean;
}

/** As it is now. */
export function reachNow({ usable, failing, expired, assumed }: Ways): Reach {
  const down = failing();
  return (person, by) => {
    if (!assumed && !usable.has(by)) return 'no-channel';
    if (addressOf(person, by) === undefined) return 'no-address';
    if (expired(person, by)) return 'expired';
    return down.has(by) ? 'failing' : undefined;
  };
}

/** Without what may be mended by the hour: what a change of the roster is judged by. */
export function reachLasting(ways: Ways): Reach {
  return reachNow({ ...ways, failing: () => new Set() });
}
