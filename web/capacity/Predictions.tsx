import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { elementName, keyName } from '../../domain/wording/capacity.ts';
import type { PredictionView } from '../../server/contracts/capacity.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { predictionsQuery } from './queries.ts';

/** Failures that happened: what was predicted just before beside what followed. */
export function Predictions({ site }: { site: string }): ReactNode {
  const { t } = useTranslation();
  const query = useQuery(predictionsQuery(useApi(), site));
  const items = query.data?.items ?? [];
  return (
    <section className="panel">
      <h2>{t('capacity.predictions')}</h2>
      <Failed error={query.error} />
      {items.length === 0 && query.data !== undefined ? (
        <p className="note">{t('capacity.noPredictions')}</p>
      ) : null}
      {items.map((prediction) => (
        <Prediction key={prediction.id} prediction={prediction} />
      ))}
    </section>
  );
}

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly predicted: number | null;
  readonly seen: number | null;
}

function Prediction({ prediction }: { prediction: PredictionView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { language } = format;
  const name = (key: string): string => keyName(key, language);
  const rows: Row[] = [
    { name: t('capacity.state-dark'), unit: 'count', ...prediction.dark },
    { name: t('capacity.state-loses-redundancy'), unit: 'count', ...prediction.losesRedundancy },
    { name: t('capacity.state-overloads'), unit: 'count', ...prediction.overloads },
    ...prediction.batteries.map((each) => ({
      ...each,
      name: t('capacity.battery', { ups: name(each.ups) }),
      unit: 'min',
    })),
    ...prediction.loads.map((each) => ({
      ...each,
      name: t('capacity.load', { name: name(each.key) }),
      unit: 'kW',
    })),
    ...prediction.temperatures.map((each) => ({
      ...each,
      name: t('capacity.temperature', { hall: name(each.hall) }),
      unit: '°C',
    })),
  ];
  const shown = (value: number | null, unit: string): string =>
    value === null
      ? t('capacity.unknown')
      : unit === 'min'
        ? `${format.number(value, 1)} min`
        : format.quantity(value, unit);
  return (
    <article className="capacity-prediction">
      <h3>
        {format.moment(Date.parse(prediction.at))}{' '}
        {prediction.elements.map((element) => elementName(element, language)).join(', ')}
      </h3>
      <p className="note">
        {prediction.judgedAt === null
          ? t('capacity.watching')
          : prediction.loadErrorPercent === null
            ? t('capacity.noComparison')
            : t('capacity.loadError', { percent: format.number(prediction.loadErrorPercent, 1) })}
      </p>
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('capacity.figure')}</th>
              <th scope="col" className="number">
                {t('capacity.predicted')}
              </th>
              <th scope="col" className="number">
                {t('capacity.seen')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className="number">{shown(row.predicted, row.unit)}</td>
                <td className="number">{shown(row.seen, row.unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}
