import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  firstWorkingMoment,
  monthBefore,
  monthOf,
  monthPeriod,
} from '../../../server/alarm-figures/month.ts';
import { createMonthlyReports } from '../../../server/alarm-figures/monthly.ts';
import { alarmReportPdf } from '../../../server/alarm-figures/report.ts';
import { createFigureRepository } from '../../../server/alarm-figures/repository.ts';
import { createAlarmFigures } from '../../../server/alarm-figures/service.ts';
import type { AlarmFiguresView } from '../../../server/contracts/alarm-figures.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { peer } from '../../support/peers.ts';
import { smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { day, entry, hour, journalRows, minute, second, start } from './support.ts';

const model = smallModel({
  rules: [temperatureHigh],
  points: [{ id: 'dc/env-1/temperature', quantity: 'temperature' }],
});
/** Longer than a column, without a space: it has to be broken. */
const longPoint = `dc/${'rack-a01-'.repeat(9)}end/temperature`;
const december = Date.UTC(2026, 10, 30, 17);

let db: Database;
beforeAll(async () => {
  db = await openDatabase(':memory:');
  const alarms = [
    `${temperatureHigh.rule}@${longPoint}`,
    ...Array.from({ length: 40 }, (_, place) => `${temperatureHigh.rule}@dc/env-${place}/temperature`),
  ];
  const entries = alarms.flatMap((alarm, place) =>
    [0, 20, 40].flatMap((seconds) => [
      entry({ at: start + place * hour + seconds * second, why: 'raise', alarm }),
      entry({ at: start + place * hour + (seconds + 2) * second, why: 'return', alarm }),
    ]),
  );
  await db
    .insertInto('alarm_journal')
    .values(journalRows([entry({ at: start - 2 * day, why: 'raise' }), ...entries]))
    .execute();
});
afterAll(() => db.destroy());

function figuresAt(now: number) {
  const repository = createFigureRepository(db);
  return { repository, figures: createAlarmFigures({ model, clock: { now: () => now }, repository }) };
}

describe('a month', () => {
  it('is one of Jakarta, and a short one is completed so that it can be judged', () => {
    expect(monthOf(december - 1)).toBe('2026-11');
    expect(monthOf(december)).toBe('2026-12');
    expect(monthBefore('2027-01')).toBe('2026-12');
    expect(monthPeriod('2026-11', 30)).toEqual({ from: december - 30 * day, to: december });
    const february = monthPeriod('2027-02', 30);
    expect((february.to - february.from) / day).toBe(30);
    expect(() => monthPeriod('2026-13', 30)).toThrow(RangeError);
  });

  it('has its report on the first working day after it', () => {
    // 1 December 2026 is a Tuesday; 1 November a Sunday.
    expect(firstWorkingMoment('2026-12', model.calendars)).toBe(december + 8 * hour);
    expect(firstWorkingMoment('2026-11', model.calendars)).toBe(Date.UTC(2026, 10, 2, 1));
  });
});

describe('the monthly report', () => {
  it('is written down once, when it is due, and stays as it was', async () => {
    const clock = createFakeClock(december + 7 * hour);
    const { repository } = figuresAt(0);
    const figures = createAlarmFigures({ model, clock, repository });
    const reports = createMonthlyReports({
      model,
      clock,
      log: pino({ level: 'silent' }),
      figures,
      repository,
    });
    const look = async (): Promise<string[]> => {
      await clock.advance(11 * minute);
      reports.tick();
      await reports.settled();
      return (await reports.list()).map(({ month }) => month);
    };
    expect(await look()).toEqual([]);
    expect((await reports.of('2026-11')).isFinal).toBe(false);
    await clock.advance(hour);
    expect(await look()).toEqual(['2026-11']);
    const written = await reports.of('2026-11');
    await db.deleteFrom('alarm_journal').where('sequence', '>', 10).execute();
    expect(await look()).toEqual(['2026-11']);
    expect(await reports.of('2026-11')).toEqual(written);
    expect(written).toMatchObject({ isFinal: true, figures: { sites: [{ annunciated: 123 }, {}] } });
    await reports.close();
  });

  it('says why when it cannot be made, and is made once it can', async () => {
    const clock = createFakeClock(december + 9 * hour + 31 * day);
    const { repository, figures } = figuresAt(december + 9 * hour + 31 * day);
    let broken = true;
    const sometimes = { read: (query: Parameters<typeof figures.read>[0]) => (broken ? Promise.reject(new Error('disk full')) : figures.read(query)) }; // prettier-ignore
    const reports = createMonthlyReports({ model, clock, log: pino({ level: 'silent' }), figures: sometimes, repository }); // prettier-ignore
    reports.tick();
    await reports.settled();
    expect(reports.problem()).toBe('disk full');
    broken = false;
    await clock.advance(11 * minute);
    reports.tick();
    await reports.settled();
    expect(reports.problem()).toBeUndefined();
    expect(await repository.report('2026-12')).toBeDefined();
    await reports.close();
  });
});

describe('the printed report', () => {
  let folder = '';
  let view: AlarmFiguresView;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pantau-report-'));
    view = await figuresAt(december).figures.read({ from: december - 30 * day, to: december });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds every figure and every name whole, in both languages, on numbered pages', async (context) => {
    const pdftotext = peer(context, 'pdftotext');
    for (const language of ['id', 'en'] as const) {
      const pdf = await alarmReportPdf(view, {
        month: '2026-11',
        language,
        isFinal: true,
        isSimulated: true,
        nameOf: () => ({ id: 'Genset 1', en: 'Genset 1' }),
      });
      const file = join(folder, `${language}.pdf`);
      await writeFile(file, pdf);
      const { stdout } = spawnSync(pdftotext, ['-layout', file, '-'], { encoding: 'utf8' });
      const pages = stdout.split('\f').filter((page) => page.trim() !== '');
      pages.forEach((page, place) => {
        expect(page).toContain(language === 'id' ? 'SIMULASI' : 'SIMULATED');
        expect(page).toContain(language === 'id' ? `Halaman ${place + 1} dari ${pages.length}` : `Page ${place + 1} of ${pages.length}`);
      }); // prettier-ignore
      expect(pages.length).toBeGreaterThan(2);
      for (const { name } of view.items) expect(stdout.replaceAll(/\s+/g, ' ')).toContain(name[language].split(' ')[0]); // prettier-ignore
    }
  });

  it('is the same whenever it is made of the same figures', async () => {
    const make = () => alarmReportPdf(view, { month: '2026-11', language: 'id', isFinal: true, isSimulated: false, nameOf: () => undefined }); // prettier-ignore
    const text = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1').replace(/\/ID \[[^\]]*\]/, ''); // prettier-ignore
    expect(text(await make())).toBe(text(await make()));
  });
});
