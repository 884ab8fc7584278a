import { useTranslation } from 'react-i18next';
import type { PredictionView } from '../../server/contracts/capacity.ts';
import { unitWord } from '../../domain/wording/load-test.ts';
import { useFormat } from '../format/FormatContext.tsx';

/** One figure of an event as it is written: what was predicted, what was seen, the difference. */
interface Row {
  readonly name: string;
  readonly predicted: string;
  readonly seen: string;
  readonly error: string;
}

interface Pair {
  readonly predicted: number | null;
  readonly seen: number | null;
}

interface Comparison {
  readonly shown: (value: number | null, unit: string) => string;
  readonly rowsOf: (prediction: PredictionView) => Row[];
  /** What stands above the table: how far it is, what could not be read, which racks were not as predicted. */
  readonly notesOf: (prediction: PredictionView) => string[];
}

/** Racks that are named; the rest are counted. */
const mostNamed = 12;

/** The wording of predictions, in the language of the page. */
export function useComparison(): Comparison {
  const { t } = useTranslation();
  const format = useFormat();
  const nameIn =
    ({ names }: PredictionView) =>
    (key: string): string =>
      names[key]?.[format.language] ?? key;

  function shown(value: number | null, unit: string): string {
    if (value === null) return t('capacity.unknown');
    return unit === 'min'
      ? `${format.number(value, 1)} ${unitWord(unit, format.language)}`
      : format.quantity(value, unit);
  }

  /** Of loads and minutes on battery in per cent of what was seen; of temperatures, minutes and racks the difference itself. */
  function errorOf({ predicted, seen }: Pair, unit: string, isRelative: boolean): string {
    if (predicted === null || seen === null) return '–';
    if (!isRelative) return shown(Math.abs(predicted - seen), unit);
    return seen <= 0 ? '–' : `${format.number((Math.abs(predicted - seen) / seen) * 100, 1)} %`;
  }

  function row(label: string, pair: Pair, unit: string, isRelative = false): Row {
    const { predicted, seen } = pair;
    return {
      name: label,
      predicted: shown(predicted, unit),
      seen: shown(seen, unit),
      error: errorOf(pair, unit, isRelative),
    };
  }

  function warmingRow(
    { limitC, predicted, seen }: PredictionView['warming'][number],
    { hall, watched }: { readonly hall: string; readonly watched: string },
  ): Row {
    const label = t('capacity.minutesTo', { hall, limit: limitC });
    const minutes = typeof predicted === 'number' ? predicted : null;
    return {
      ...row(label, { predicted: minutes, seen }, 'min'),
      ...(predicted === 'never' ? { predicted: t('capacity.never') } : {}),
      ...(seen === null ? { seen: watched } : {}),
    };
  }

  function rowsOf(prediction: PredictionView): Row[] {
    const { watchedMinutes } = prediction;
    const name = nameIn(prediction);
    const watched =
      watchedMinutes === null
        ? t('capacity.unknown')
        : t('capacity.notReached', { minutes: format.number(watchedMinutes, 0) });
    return [
      row(t('capacity.state-dark'), prediction.dark, 'count'),
      row(t('capacity.state-loses-redundancy'), prediction.losesRedundancy, 'count'),
      row(t('capacity.state-overloads'), prediction.overloads, 'count'),
      ...prediction.batteries.map((each) =>
        row(t('capacity.battery', { ups: name(each.ups) }), each, 'min', true),
      ),
      ...prediction.loads.map((each) => row(t('capacity.load', { name: name(each.key) }), each, 'kW', true)),
      ...(prediction.gensets === null ? [] : [row(t('capacity.gensets'), prediction.gensets, 'kW', true)]),
      ...(prediction.pdus?.worst.slice(0, 3) ?? []).map(({ rack, feed, ...pair }) =>
        row(t('capacity.load', { name: `${name(rack)} ${feed}` }), pair, 'kW', true),
      ),
      ...prediction.temperatures.map((each) =>
        row(t('capacity.temperature', { hall: name(each.hall) }), each, '°C'),
      ),
      ...prediction.warming.map((each) => warmingRow(each, { hall: name(each.hall), watched })),
    ];
  }

  function racks(keys: readonly string[], name: (key: string) => string): string {
    const names = keys.slice(0, mostNamed).map((key) => name(key));
    const more = keys.length - names.length;
    return names.join(', ') + (more > 0 ? ` (+${more})` : '');
  }

  function notesOf(prediction: PredictionView): string[] {
    const { judgedAt, loadErrorPercent, pdus, unread, darkRacks } = prediction;
    const name = nameIn(prediction);
    const percent = (value: number): string => format.number(value, 1);
    if (judgedAt === null) return [t('capacity.watching')];
    return [
      loadErrorPercent === null
        ? t('capacity.noComparison')
        : t('capacity.loadError', { percent: percent(loadErrorPercent) }),
      ...(pdus === null
        ? []
        : [
            t('capacity.pduError', {
              n: format.number(pdus.compared, 0),
              median: percent(pdus.medianErrorPercent),
              largest: percent(pdus.largestErrorPercent),
            }),
          ]),
      ...(darkRacks === null || darkRacks.notPredicted.length === 0
        ? []
        : [t('capacity.darkNotPredicted', { racks: racks(darkRacks.notPredicted, name) })]),
      ...(darkRacks === null || darkRacks.notSeen.length === 0
        ? []
        : [t('capacity.darkNotSeen', { racks: racks(darkRacks.notSeen, name) })]),
      ...(unread === 0 ? [] : [t('capacity.unread', { n: format.number(unread, 0) })]),
    ];
  }

  return { shown, rowsOf, notesOf };
}
