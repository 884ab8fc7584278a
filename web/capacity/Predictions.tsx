import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { elementName } from '../../domain/wording/capacity.ts';
import type { AccuracyView, PredictionView } from '../../server/contracts/capacity.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { useComparison } from './comparison.ts';
import { predictionsQuery } from './queries.ts';
import { TableFrame } from '../parts/TableFrame.tsx';

/** Failures that happened: what was predicted just before beside what followed, and how far off such predictions are. */
export function Predictions({ site }: { site: string }): ReactNode {
  const { t } = useTranslation();
  const query = useQuery(predictionsQuery(useApi(), site));
  const { items = [], accuracy = [] } = query.data ?? {};
  return (
    <section className="panel">
      <h2>{t('capacity.predictions')}</h2>
      <Failed error={query.error} />
      {items.length === 0 && query.data !== undefined ? (
        <p className="note">{t('capacity.noPredictions')}</p>
      ) : null}
      {accuracy.length === 0 ? null : <Accuracy rows={accuracy} />}
      {items.map((prediction, at) => (
        <Prediction key={prediction.id} prediction={prediction} isOpen={at === 0} />
      ))}
    </section>
  );
}

const units: Readonly<Record<AccuracyView['figure'], string>> = {
  'ups-load': '%',
  'pdu-load': '%',
  battery: '%',
  'genset-load': '%',
  temperature: '°C',
  minutes: 'min',
  'dark-racks': 'count',
};

/** The errors of all events together, figure by figure. */
function Accuracy({ rows }: { rows: readonly AccuracyView[] }): ReactNode {
  const { t } = useTranslation();
  const { shown } = useComparison();
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="capacity-caption">{t('capacity.accuracy')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('capacity.figure')}</th>
            <th scope="col" className="number">
              {t('capacity.events')}
            </th>
            <th scope="col" className="number">
              {t('capacity.medianError')}
            </th>
            <th scope="col" className="number">
              {t('capacity.largestError')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ figure, events, median, largest }) => (
            <tr key={figure}>
              <th scope="row">{t(`capacity.error-${figure}`)}</th>
              <td className="number">{events}</td>
              <td className="number">{shown(median, units[figure])}</td>
              <td className="number">{shown(largest, units[figure])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Prediction({ prediction, isOpen }: { prediction: PredictionView; isOpen: boolean }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { rowsOf, notesOf } = useComparison();
  const { language } = format;
  return (
    <details className="capacity-prediction" open={isOpen}>
      <summary>
        {format.moment(Date.parse(prediction.at))}{' '}
        {prediction.elements.map((element) => elementName(element, language)).join(', ')}
      </summary>
      {notesOf(prediction).map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      <TableFrame label={`${t('capacity.predictions')} ${format.moment(Date.parse(prediction.at))}`}>
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
              <th scope="col" className="number">
                {t('capacity.error')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(prediction).map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className="number">{row.predicted}</td>
                <td className="number">{row.seen}</td>
                <td className="number">{row.error}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  );
}
