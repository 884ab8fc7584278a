import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { monthOf, monthPattern } from '../../alarm-figures/month.ts';
import type { MonthlyReports } from '../../alarm-figures/monthly.ts';
import { alarmReportsView } from '../../contracts/alarm-figures.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { namesOf } from '../../../config/names.ts';
import { badInput } from '../../http/problem.ts';

export interface ReportServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly alarmReports: MonthlyReports;
}

const params = z.strictObject({ month: z.string().regex(monthPattern, 'a month such as "2026-10"') });
const query = z.strictObject({ language: z.enum(['id', 'en']).default('id') });

/** The monthly report on the alarm system. */
export function alarmReportEndpoints({ model, clock, alarmReports }: ReportServices): Endpoint[] {
  const names = namesOf(model);
  return [
    endpoint({
      method: 'get',
      path: '/alarm-reports',
      role: 'viewer',
      summary: 'Months whose report is written down, latest first',
      input: {},
      output: alarmReportsView,
      handler: async () => ({
        items: await alarmReports.list(),
        problem: alarmReports.problem() ?? null,
      }),
    }),
    endpoint({
      method: 'get',
      path: '/alarm-reports/:month/pdf',
      role: 'viewer',
      summary:
        'The report of a month (WIB) to print, A4; provisional until it is written down on the first working day after the month',
      input: { params, query },
      output: fileOutput,
      file: 'application/pdf',
      heavy: true,
      async handler({ params: { month }, query: { language }, signal }) {
        if (month > monthOf(clock.now())) throw badInput('params.month', 'has not begun yet');
        const { figures, isFinal } = await alarmReports.of(month, signal);
        const { alarmReportPdf } = await import('../../alarm-figures/report.ts');
        const body = await alarmReportPdf(figures, {
          month,
          language,
          isFinal,
          isSimulated: model.field === 'simulated',
          nameOf(id) {
            const point = model.pointById.get(id);
            return point === undefined ? undefined : names.point(point);
          },
        });
        const word = language === 'id' ? 'kinerja-alarm' : 'alarm-performance';
        return new FileAnswer({ type: 'application/pdf', name: `${word}-${month}.pdf`, body });
      },
    }),
  ];
}
