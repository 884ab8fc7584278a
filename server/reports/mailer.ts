import type { Logger } from 'pino';
import type { PersonEntry } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import { createLooks } from '../../core/looks.ts';
import { GiveUp, type ChannelDriver } from '../notify/channel.ts';
import type { KeptReports } from './kept.ts';
import type { DeliveryRow } from './repository.ts';

/** Sends the mails about reports that wait in the database, each until the mail server has taken it. */
export interface ReportMailer {
  /** Call once a second. */
  tick(): void;
  settled(): Promise<void>;
  close(): Promise<void>;
}

const everyMs = 30_000;
/** A mail server that is away for a weekend is waited for. */
const longestWaitMs = 3_600_000;
const sendMs = 60_000;
const atOnce = 20;
/** A mailbox refuses larger ones: beyond that the link has to do. */
const mostAttachedBytes = 8 * 1_024 * 1_024;

export function createReportMailer(options: {
  readonly kept: KeptReports;
  /** Absent: no mail is set up, and the mails wait. */
  readonly channel: ChannelDriver | undefined;
  readonly persons: readonly PersonEntry[];
  readonly publicUrl: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Logger;
}): ReportMailer {
  const { kept, channel, persons, publicUrl, clock, log } = options;
  const { repository } = kept;
  const notBefore = new Map<string, number>();
  const looks = createLooks(clock, { everyMs }, look);

  async function attachmentsOf({ report }: DeliveryRow) {
    if (report === null) return [];
    const files = (await repository.files([report])).filter(({ language, bytes }) => language === 'id' && bytes <= mostAttachedBytes);
    const read = await Promise.all(files.map(({ name }) => kept.file(report, name)));
    return read.flatMap((file) => (file === undefined ? [] : [{ name: file.row.name, type: file.row.type, bytes: file.bytes }]));
  } // prettier-ignore

  async function send(row: DeliveryRow, driver: ChannelDriver): Promise<void> {
    const person = persons.find((each) => each.person === row.person);
    const attempts = row.attempts + 1;
    const failed = (answer: string): Promise<void> =>
      repository.settle(row.id, { state: 'failed', attempts, sent_at: null, answer });
    if (person === undefined) return failed('the person is not in people.yaml any more');
    try {
      const attachments = await attachmentsOf(row);
      const link = `${publicUrl}${row.path ?? '/kepatuhan/laporan'}`;
      const answer = await driver.send(
        person,
        {
          key: `report-${row.id}`,
          thread: `report-${row.id}`,
          subject: row.subject,
          text: `${row.text}\n\n${link}\n`,
          html: htmlOf(row.text, link),
          brief: row.subject,
          isNews: true,
          link,
          urgent: false,
          attachments,
        },
        AbortSignal.any([looks.signal, AbortSignal.timeout(sendMs)]),
      );
      await repository.settle(row.id, { state: 'sent', attempts, sent_at: clock.now(), answer });
    } catch (error) {
      if (looks.signal.aborted) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof GiveUp) return failed(reason);
      if (attempts === 1) log.warn({ err: error, person: row.person }, 'a report cannot be mailed; trying again');
      notBefore.set(row.id, clock.monotonic() + Math.min(longestWaitMs, everyMs * 2 ** Math.min(attempts, 10)));
      await repository.settle(row.id, { state: 'waiting', attempts, sent_at: null, answer: reason });
    }
    return undefined;
  } // prettier-ignore

  async function look(): Promise<void> {
    if (channel === undefined) return;
    try {
      for (const row of await repository.waiting(atOnce)) {
        if (looks.signal.aborted) return;
        if (clock.monotonic() >= (notBefore.get(row.id) ?? -Infinity)) await send(row, channel);
      }
    } catch (error) {
      log.error({ err: error }, 'the mails about reports cannot be read; trying again');
    }
  }

  return {
    tick: () => looks.tick(),
    settled: () => looks.settled(),
    close: () => looks.close(),
  };
}

function htmlOf(text: string, link: string): string {
  const escaped = (part: string): string =>
    part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const lines = text.split('\n').map((line) => `<p>${escaped(line)}</p>`);
  return `<!doctype html><meta charset="utf-8">${lines.join('')}<p><a href="${escaped(link)}">${escaped(link)}</a></p>`;
}
