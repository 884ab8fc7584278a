import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Channel, PersonEntry } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import { installationSecret } from '../db/secrets.ts';
import { createChannels, createPushSetup } from '../notify/channels.ts';
import { openSubscriptions } from '../notify/subscriptions.ts';
import { openOverrides } from './overrides.ts';
import { createRosterService } from './service.ts';
import { openAbsences } from './time-off.ts';

/** Who is on duty, and the channels that reach them. */
export async function openPeople(
  options: {
    readonly model: Model;
    readonly db: Database;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    readonly log: Logger;
    readonly newId: (at: number) => string;
    readonly smtpUrl: string | undefined;
    readonly publicUrl: string;
    /** The channels that fail at present. */
    readonly failing: () => ReadonlySet<Channel>;
  },
  teardown: Teardown,
) {
  const { model, db, clock, randomBytes, log, newId, publicUrl } = options;
  const subscriptions = await openSubscriptions(db, (error) =>
    log.error({ err: error }, 'what became of a push cannot be written'),
  );
  teardown.add('push subscriptions', () => subscriptions.settled());
  const push = createPushSetup({
    people: model.people,
    publicUrl,
    subscriptions,
    secret: await installationSecret(db, { name: 'push-key', randomBytes }),
    clock,
  });
  const channels = createChannels({ people: model.people, smtpUrl: options.smtpUrl, publicUrl, push, clock });
  /** Nothing can be sent to a person's browsers: none was allowed, or the push service has forgotten them all. */
  const isExpired = (person: PersonEntry, by: Channel): boolean =>
    by === 'push' && subscriptions.of(person.person).length === 0;
  const roster = createRosterService({
    people: model.people,
    sites: model.sites.map(({ id }) => id),
    overrides: await openOverrides(db, newId),
    absences: await openAbsences(db, newId),
    ways: {
      usable: new Set(channels.keys()),
      failing: options.failing,
      expired: isExpired,
      assumed: model.field === 'simulated' && channels.size === 0,
    },
    clock,
  });
  return { push, channels, roster, isExpired };
}
