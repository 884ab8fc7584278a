import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { RandomBytes } from '../db/id.ts';
import type { Database } from '../db/schema.ts';
import { createImprovements, type Improvements } from './improvements.ts';
import { createMonthlyReports, type MonthlyReports } from './monthly.ts';
import { createFigureRepository, type FigureRepository } from './repository.ts';
import { createAlarmFigures, type AlarmFigures } from './service.ts';

interface Figures {
  readonly figureRepository: FigureRepository;
  readonly alarmFigures: AlarmFigures;
  readonly alarmReports: MonthlyReports;
  readonly improvements: Improvements;
}

/** Figures of the alarm system, their monthly reports and the work list. */
export function composeAlarmFigures(
  options: {
    readonly model: Model;
    readonly db: Database;
    readonly randomBytes: RandomBytes;
    readonly clock: Clock;
    readonly log: Logger;
  },
  teardown: Teardown,
): Figures {
  const { model, db, randomBytes, clock, log } = options;
  const repository = createFigureRepository(db);
  const figures = createAlarmFigures({ model, clock, repository });
  const alarmReports = createMonthlyReports({ model, clock, log, figures, repository });
  teardown.add('alarm reports', () => alarmReports.close());
  return {
    figureRepository: repository,
    alarmFigures: figures,
    alarmReports,
    improvements: createImprovements({ repository, clock, randomBytes }),
  };
}
