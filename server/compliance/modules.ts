import { accessKinds } from '../../core/access-event.ts';
import { minutesOfDay } from '../../core/wib.ts';
import type { Model, Site } from '../../config/model.ts';
import { formats } from '../../domain/format/format.ts';
import { plain } from '../../domain/wording/compliance.ts';
import type { Judged } from '../contracts/compliance.ts';
import type { Range } from '../historian/historian.ts';
import { monthRange, monthsAfter } from './months.ts';
import type { ComplianceRepository } from './repository.ts';

/** A load test that was run to its end. */
export interface CompletedTest {
  readonly id: string;
  /** When PLN was switched off. */
  readonly at: number;
  readonly result: 'pass' | 'fail' | 'not-proven';
}

/** What the module of load tests has on record; absent: there is none in this installation. */
export type LoadTestsOf = (site: string, range: Range) => Promise<readonly CompletedTest[]>;

export type ModuleName = 'load-tests' | 'access-log' | 'shifts';

export interface ModuleSources {
  readonly model: Model;
  readonly repository: Pick<ComplianceRepository, 'accessCounts' | 'begin'>;
  readonly loadTests?: LoadTestsOf | undefined;
}

/** What other parts of the product have recorded of a site in a month, up to now. */
export async function judgeModule(
  { model, repository, loadTests }: ModuleSources,
  name: ModuleName,
  { site, month, now }: { readonly site: Site; readonly month: string; readonly now: number },
): Promise<Judged> {
  switch (name) {
    case 'shifts':
      return judgeShifts(model);
    case 'access-log':
      return judgeAccessLog(await repository.accessCounts(site.id, monthRange(month), accessKinds));
    case 'load-tests': {
      const period = testPeriod(month, site.standard.loadTest.everyMonths);
      const tests = loadTests === undefined ? undefined : await loadTests(site.id, period);
      return judgeLoadTests(tests, { period, now, watchedFrom: await repository.begin(site.id) });
    }
  }
}

/** Months come in periods that begin with January: of two months January and February. */
export function testPeriod(month: string, everyMonths: number): Range {
  const [year = '', number = ''] = month.split('-');
  const first = Math.floor((Number(number) - 1) / everyMonths) * everyMonths + 1;
  const begin = `${year}-${String(first).padStart(2, '0')}`;
  return { from: monthRange(begin).from, to: monthRange(monthsAfter(begin, everyMonths)).from };
}

/** One completed test in each period; a test that failed was completed. Pure. */
export function judgeLoadTests(
  tests: readonly CompletedTest[] | undefined,
  {
    period,
    now,
    watchedFrom,
  }: {
    readonly period: Range;
    readonly now: number;
    /** When the site was first watched; a test before that would not be on record. */
    readonly watchedFrom: number | undefined;
  },
): Judged {
  const latest = tests?.toSorted((a, b) => b.at - a.at)[0];
  if (latest !== undefined) {
    const word = {
      pass: plain('lulus', 'passed'),
      fail: plain('tidak lulus', 'failed'),
      'not-proven': plain('hasil belum terbukti', 'result not proven'),
    }[latest.result];
    return {
      verdict: 'holds',
      reason: plain(
        `Uji beban ${formats.id.date(latest.at)}, ${word.id}`,
        `Load test of ${formats.en.date(latest.at)}, ${word.en}`,
      ),
    };
  }
  if (tests === undefined)
    return { verdict: 'not-proven', reason: plain('Belum ada uji beban tercatat', 'No load test is on record') };
  if (now < period.to)
    return {
      verdict: 'not-proven',
      reason: plain(
        `Belum ada uji beban tercatat; paling lambat ${formats.id.date(period.to - 1)}`,
        `No load test is on record yet; due by ${formats.en.date(period.to - 1)}`,
      ),
    };
  if (watchedFrom === undefined || watchedFrom > period.from)
    return {
      verdict: 'not-proven',
      reason: plain(
        'Belum ada uji beban tercatat; periode ini tidak dipantau sejak awal',
        'No load test is on record; this period was not watched from its beginning',
      ),
    };
  return {
    verdict: 'fails',
    reason: plain('Tidak ada uji beban pada periode ini', 'No load test was run in this period'),
  };
} // prettier-ignore

function judgeAccessLog({ events, tickets }: { readonly events: number; readonly tickets: number }): Judged {
  const counts = plain(
    `${events} kejadian akses dan ${tickets} tiket tercatat bulan ini`,
    `${events} access events and ${tickets} tickets on record this month`,
  );
  return { verdict: events > 0 ? 'holds' : 'not-proven', reason: counts };
}

const minutesPerDay = 1_440;

/** Shifts that cover the day, with somebody in each team. Pure. */
function judgeShifts({ people }: Pick<Model, 'people'>): Judged {
  const shifts = people?.shifts;
  if (shifts === undefined)
    return { verdict: 'not-proven', reason: plain('Tidak ada dinas bergilir di people.yaml', 'people.yaml has no shifts') };
  const covered = new Set<number>();
  for (const { from, to } of shifts.times) {
    const begin = minutesOfDay(from);
    const length = (minutesOfDay(to) - begin + minutesPerDay) % minutesPerDay || minutesPerDay;
    for (let minute = 0; minute < length; minute += 1) covered.add((begin + minute) % minutesPerDay);
  }
  const text = plain(
    `${shifts.times.length} dinas, ${shifts.teams.length} regu`,
    `${shifts.times.length} shifts, ${shifts.teams.length} teams`,
  );
  if (covered.size < minutesPerDay)
    return { verdict: 'fails', reason: plain(`${text.id}: tidak menutup 24 jam`, `${text.en}: 24 hours are not covered`) };
  return { verdict: 'holds', reason: plain(`${text.id} menutup 24 jam`, `${text.en} cover 24 hours`) };
} // prettier-ignore
