import type { Logger } from 'pino';
import { loadTestDue } from '../../config/build/server.ts';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { good, type Reading, type ReadingSink } from '../../core/reading.ts';
import { repeat } from '../../core/repeat.ts';
import { formats } from '../../domain/format/format.ts';
import type { LoadTestPlanView } from '../contracts/load-test-plans.ts';
import type { LoadTestDueView } from '../contracts/load-tests.ts';
import { newDelivery } from '../reports/kept.ts';
import type { ReportRepository } from '../reports/repository.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** So long before a planned test its people are reminded, the nearest that applies. */
const beforePlanMs = [dayMs, 7 * dayMs] as const;
/** A test that nobody has planned so long before it is due is asked for. */
const unplannedMs = 10 * dayMs;
const publishEveryMs = 30_000;
const remindEveryMs = 600_000;

interface Reminder {
  readonly subject: string;
  readonly text: string;
}

/**
 * What people are to be reminded of now; the same situation gives the same subject, so that each mail is written once. Pure.
 */
export function remindersOf(
  { due, siteName, isSimulated }: { readonly due: LoadTestDueView; readonly siteName: string; readonly isSimulated: boolean },
  now: number,
): Reminder[] {
  const mark = isSimulated ? 'SIMULASI: ' : '';
  const { nextPlan, dueBy, clause } = due;
  if (nextPlan !== null) {
    const from = Date.parse(nextPlan.from);
    const ahead = from - now;
    const lead = beforePlanMs.find((each) => ahead <= each);
    if (ahead <= 0 || lead === undefined) return [];
    const when = formats.id.moment(from);
    return [
      {
        subject: `${mark}Uji beban ${siteName} ${when} (${lead === dayMs ? 'besok' : 'minggu depan'})`,
        text: `Uji beban genset ${siteName} direncanakan ${when} sampai ${formats.id.moment(Date.parse(nextPlan.to))}. ${openChecks(nextPlan)}`,
      },
    ];
  }
  if (dueBy === null) return [];
  const by = Date.parse(dueBy);
  const last = formats.id.date(by - 1);
  if (now >= by)
    return [
      {
        subject: `${mark}Uji beban ${siteName} terlambat (batas ${last})`,
        text: `Batas uji beban genset ${siteName} sudah lewat (${last}; ${clause}). Rencanakan dan jalankan secepatnya.`,
      },
    ];
  if (by - now > unplannedMs) return [];
  return [
    {
      subject: `${mark}Uji beban ${siteName} belum direncanakan (batas ${last})`,
      text: `Uji beban genset ${siteName} paling lambat ${last} (${clause}) dan belum ada rencananya.`,
    },
  ];
} // prettier-ignore

function openChecks({ checklist }: Pick<LoadTestPlanView, 'checklist'>): string {
  const open = checklist.filter(({ tickedAt }) => tickedAt === null);
  if (open.length === 0) return 'Semua butir pemeriksaan sudah dicentang.';
  return `Belum dicentang: ${open.map(({ text }) => text.id).join('; ')}.`;
}

/** Seconds until the next test of each site is due, negative once it is overdue. Pure. */
function dueReadings(
  model: Pick<Model, 'pointById'>,
  all: readonly Pick<LoadTestDueView, 'site' | 'dueBy'>[],
  now: number,
): Reading[] {
  return all.flatMap(({ site, dueBy }): Reading[] => {
    const point = model.pointById.get(`${site}/site/${loadTestDue}`);
    if (point === undefined || dueBy === null) return [];
    return [{ point: point.index, at: now, value: Math.round((Date.parse(dueBy) - now) / 1_000), quality: good }];
  });
} // prettier-ignore

/** Gives each site the point that the alarm of an overdue test rests on, and writes the mails that remind of tests. */
export function watchDue(options: {
  readonly model: Model;
  readonly due: () => Promise<readonly LoadTestDueView[]>;
  readonly accept: ReadingSink;
  readonly repository: Pick<ReportRepository, 'hasDelivery' | 'addDeliveries'>;
  readonly recipients: readonly string[];
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
}): { close(): Promise<void> } {
  const { model, due, accept, repository, recipients, newId, clock, log } = options;
  let remindAt = -Infinity;
  let failing = false;

  async function remind(all: readonly LoadTestDueView[]): Promise<void> {
    const now = clock.now();
    for (const each of all) {
      const siteName = model.sites.find(({ id }) => id === each.site)?.name ?? each.site;
      const isSimulated = model.field === 'simulated';
      for (const { subject, text } of remindersOf({ due: each, siteName, isSimulated }, now))
        for (const person of recipients) {
          if (await repository.hasDelivery(person, subject)) continue;
          const mail = { person, subject, text, path: '/uji-beban' };
          await repository.addDeliveries([newDelivery(mail, { id: newId(now), report: null, at: now })]);
        }
    }
  }

  const watching = repeat(clock, { everyMs: publishEveryMs, firstAfterMs: 0 }, async () => {
    try {
      const all = await due();
      accept(dueReadings(model, all, clock.now()));
      if (clock.monotonic() >= remindAt) {
        remindAt = clock.monotonic() + remindEveryMs;
        await remind(all);
      }
      failing = false;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'when load tests are due cannot be read; trying again');
      failing = true;
    }
  });
  return watching;
}
