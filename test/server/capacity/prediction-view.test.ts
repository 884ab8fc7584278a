import { describe, expect, it } from 'vitest';
import { accuracyOf } from '../../../server/capacity/accuracy.ts';
import { predictionView } from '../../../server/capacity/prediction-view.ts';
import type { Prediction } from '../../../server/capacity/repository.ts';
import { nothingSeen } from '../../../server/capacity/seen.ts';
import { shippedModel } from '../support/server.ts';

const model = shippedModel();
const hall = 'dc/hall-1';
const warmsAt = (minutes: number | 'never' | null) => ({ [hall]: [{ limitC: 27, minutes }] });

function prediction(
  predicted: Partial<Prediction['predicted']>,
  seen: Partial<NonNullable<Prediction['seen']>> | null,
): Prediction {
  const { pdus: _pdus, unread: _unread, watchedMinutes: _watched, ...nothing } = nothingSeen;
  return {
    id: 'p', site: 'dc', at: 0, elements: [], judgedAt: 1,
    predicted: { ...nothing, ...predicted },
    seen: seen === null ? null : { ...nothingSeen, ...seen },
  }; // prettier-ignore
}

describe('minutes to a limit', () => {
  it.each([
    ['reached later than predicted', warmsAt(12), { warming: warmsAt(17), watchedMinutes: 20 }, 5],
    ['not reached although it was due', warmsAt(12), { warming: warmsAt(null), watchedMinutes: 40 }, 28],
    ['not due yet when the watch ended', warmsAt(12), { warming: warmsAt(null), watchedMinutes: 8 }, null],
    ['never, as predicted', warmsAt('never'), { warming: warmsAt(null), watchedMinutes: 40 }, null],
    ['not known', warmsAt(null), { warming: warmsAt(9), watchedMinutes: 40 }, null],
  ] as const)('%s', (_name, warming, seen, error) => {
    expect(predictionView(model, prediction({ warming }, seen)).minutesError).toBe(error);
  });
});

describe('racks that are dark', () => {
  it('are named where the prediction was wrong, in both directions', () => {
    const view = predictionView(model, prediction({ darkRacks: ['a', 'b'] }, { darkRacks: ['b', 'c'] }));
    expect(view.darkRacks).toEqual({ notPredicted: ['c'], notSeen: ['a'] });
    expect(accuracyOf([view])).toEqual([{ figure: 'dark-racks', events: 1, median: 2, largest: 2 }]);
  });
  it('are named as people call them, as all that it tells by key', () => {
    const view = predictionView(
      model,
      prediction(
        { loads: { 'dc/ups-a1': 10 }, warming: warmsAt(12), darkRacks: ['dc/rack-a01'] },
        { darkRacks: [] },
      ),
    );
    expect(view.names).toEqual({
      'dc/ups-a1': { id: 'UPS A1', en: 'UPS A1' },
      'dc/hall-1': { id: 'Ruang data 1', en: 'Data hall 1' },
      'dc/rack-a01': { id: 'Rak A-01', en: 'Rack A-01' },
    });
  });
  it('are not compared when something was not known', () => {
    expect(predictionView(model, prediction({}, { darkRacks: ['b'] })).darkRacks).toBeNull();
  });
});

it('a watch that was cut off has no errors', () => {
  const view = predictionView(model, prediction({ loads: { 'dc/ups-a1': 10 } }, null));
  expect(view.loadErrorPercent).toBeNull();
  expect(accuracyOf([view])).toEqual([]);
});
