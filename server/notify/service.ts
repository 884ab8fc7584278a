import type { Logger } from 'pino';
import type { Model, Service } from '../../config/model.ts';
import type { Channel } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import { messageHtml } from '../../domain/wording/mail.ts';
import { messageText, type Told } from '../../domain/wording/message.ts';
import type { Unpaged } from '../contracts/on-call.ts';
import type { Database } from '../db/schema.ts';
import type { IncidentRow } from '../incidents/record.ts';
import type { ChannelDriver, Message } from './channel.ts';
import type { Pager } from './pager.ts';
import { keyOf, type NotificationRow } from './record.ts';
import { findNotification, listNotifications, takeStored, type DeliveryFilter } from './repository.ts';
import { createSender, type Sender } from './sender.ts';
import { threadOf } from './thread.ts';
import { createAckTokens } from './token.ts';
import { trialPerson } from './trial.ts';

/** What a link in a message leads to. */
interface AckView {
  readonly notification: NotificationRow;
  readonly person: string;
  /** What the acknowledgement is recorded under. */
  readonly user: string;
  /** The link is too old. */
  readonly expired: boolean;
  /** When it was used, epoch ms. */
  readonly usedAt: number | null;
  /** Incidents that this person was told of and that wait, the link's own first. */
  readonly waiting: readonly string[];
}

export interface NotifyService {
  /** Latest first. */
  deliveries(filter: DeliveryFilter): Promise<NotificationRow[]>;
  /** Undefined for a token that is not ours. */
  read(token: string): Promise<AckView | undefined>;
  /**
   * Uses the link up, which also shows that the message arrived. `used`: it was used before. `stored`: nothing more is decided about the
   * notification; `takeStored` does it in the store. Synchronous, so that what the link does can go into the same transaction.
   */
  take(notification: string): 'taken' | 'used' | 'stored';
  /** False: it was used before. */
  takeStored(notification: string): Promise<boolean>;
  /** Why somebody may not be reached; undefined when all is well, or nobody is to be paged. */
  problem(): string | undefined;
  /** Why nobody is paged at all; null: somebody is. */
  unpaged(): Unpaged | null;
  /** Channels that fail now, and why. */
  failing: Sender['failing'];
  /** Called with the time from the sample to the channel's receipt, ms, of each page that nothing held back. */
  onHandedOver(listener: (delayMs: number, channel: Channel) => void): void;
  kick(): void;
  close(): Promise<void>;
}

export function createNotifyService(options: {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly secret: string;
  readonly publicUrl: string;
  readonly pager: Pager;
  readonly channels: ReadonlyMap<Channel, ChannelDriver>;
  /** As it is now. */
  readonly incidentOf: (id: string) => IncidentRow | undefined;
  /** When the sample was taken that opened it, epoch ms; undefined when that is not known any more. */
  readonly sampledAt: (incident: string) => number | undefined;
  /** At risk. */
  readonly servicesOf: (incident: IncidentRow) => readonly Service[];
  readonly isReady: (row: NotificationRow) => boolean;
  readonly save: () => void;
  /** Resolves once what was put is in the store, or the store is late. */
  readonly written: () => Promise<void>;
}): NotifyService {
  const { model, db, clock, log, secret, publicUrl, pager, channels, incidentOf, servicesOf, save } = options;
  const persons = new Map(
    [...(model.people?.persons ?? []), trialPerson].map((person) => [person.person, person]),
  );
  const listeners = new Set<(delayMs: number, channel: Channel) => void>();
  const rules = new Map(model.rules.map((rule) => [rule.rule, rule]));
  const tokens = createAckTokens(secret);

  function toldOf(row: NotificationRow): Told[] {
    const incident = incidentOf(row.incident);
    if (incident === undefined) return [];
    const { title_id: id, title_en: en, priority, clause } = incident;
    const rule = rules.get(incident.rule);
    return [
      {
        title: { id, en },
        priority,
        clause,
        openedAt: incident.opened_at,
        dueAt: incident.due_at,
        returnedAt: incident.returned_at,
        consequence: rule?.consequence ?? null,
        firstAction: rule?.firstAction ?? null,
        services: servicesOf(incident).map(({ name }) => name),
        link: `${publicUrl}/gangguan/${incident.id}`,
        kind: row.kind,
      },
    ];
  } // prettier-ignore

  const sender: Sender = createSender<NotificationRow>({
    outbox: pager,
    persons,
    channels,
    compose(person, rows): Message | undefined {
      const [first] = rows;
      const news = rows.flatMap(toldOf);
      if (first === undefined || news.length === 0) return undefined;
      const key = first.message ?? keyOf(rows);
      const { thread, others } = threadOf(rows, {
        key,
        sent: pager.sentTo(first.person, first.channel),
        incidentOf,
      });
      const link = `${publicUrl}/akui/${tokens.make(first.id)}`;
      const isSimulated = model.field === 'simulated';
      const { language } = person;
      // An update says all that the person still has to see, not only what is new.
      const written = messageText([...news, ...others.flatMap(toldOf)], { language, link, isSimulated });
      const { subject, text, brief } = written;
      const isNews = news.some(({ kind }) => kind !== 'recovery');
      const urgent = news.some(({ priority, kind }) => priority === 'P1' && kind === 'page');
      return {
        key,
        thread,
        subject,
        text,
        brief,
        html: messageHtml(written, { language, link }),
        link,
        urgent,
        isNews,
      };
    },
    isReady: options.isReady,
    handedOver(rows) {
      for (const { id, incident, channel, kind } of rows) {
        const sampledAt = options.sampledAt(incident);
        if (kind !== 'page' || sampledAt === undefined || !pager.isFirst(id)) continue;
        for (const listener of listeners) listener(Math.max(0, clock.now() - sampledAt), channel);
      }
    },
    written: options.written,
    urgencyOf: (row) => urgencyOf(row.kind, incidentOf(row.incident)),
    waitsForNothing: (row) =>
      row.kind === 'page' &&
      (pager.isPressing(row.id) || (pager.isFirst(row.id) && incidentOf(row.incident)?.life_safety === 1)),
    save,
    clock,
    random: options.random,
    log,
  });

  function unpaged(): Unpaged | null {
    if (model.people === undefined) return 'no-people';
    return [...channels.keys()].every((channel) => channel === 'test') ? 'no-channel' : null;
  }

  return {
    deliveries: (filter) => listNotifications(db, filter),
    async read(token) {
      const id = tokens.read(token);
      if (id === undefined) return undefined;
      const notification = pager.find(id) ?? (await findNotification(db, id));
      if (notification === undefined) return undefined;
      const entry = persons.get(notification.person);
      const mine = pager.toldOf(notification.person);
      const waiting = [notification.incident, ...mine.filter((each) => each !== notification.incident)];
      return {
        notification,
        person: entry?.name ?? notification.person,
        user: entry?.user ?? notification.person,
        expired: clock.now() - notification.created_at > (model.people?.linkValidFor ?? 0),
        usedAt: notification.used_at,
        waiting: waiting.filter((each) => (incidentOf(each)?.unacknowledged ?? 0) > 0),
      };
    },
    take(id) {
      const row = pager.find(id);
      if (row === undefined) return 'stored';
      if (row.used_at !== null) return 'used';
      const now = clock.now();
      pager.update({ ...row, used_at: now, received_at: row.received_at ?? now, version: row.version + 1 }, now);
      save();
      return 'taken';
    },
    takeStored: (id) => takeStored(db, id, clock.now()),
    unpaged,
    problem() {
      const nobody = unpaged();
      if (nobody !== null) return nobodyIsPaged[nobody];
      const failing = [...sender.failing()].map(([channel, { why }]) => `${channel}: ${why}`);
      return failing.length === 0 ? undefined : failing.join('; ');
    },
    failing: () => sender.failing(),
    onHandedOver: (listener) => void listeners.add(listener),
    kick: () => sender.kick(),
    close: () => sender.close(),
  }; // prettier-ignore
}

export const nobodyIsPaged: Readonly<Record<Unpaged, string>> = {
  'no-people': 'nobody is paged: there is no people.yaml',
  'no-channel': 'nobody is paged: no channel is set up (PANTAU_SMTP_URL, or channels in people.yaml)',
};

/** 0.5 the most urgent: by priority, life safety before the others of its own. A fire that grows from P2 to P1 is more urgent than it was. */
export function urgencyOf(
  kind: NotificationRow['kind'],
  incident: Pick<IncidentRow, 'priority' | 'life_safety'> | undefined,
): number {
  if (kind === 'recovery' || incident === undefined) return 9;
  return Number(incident.priority.slice(1)) - (incident.life_safety === 1 ? 0.5 : 0);
}
