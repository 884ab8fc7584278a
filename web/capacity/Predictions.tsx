import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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
    <FigureTable
      label={t('capacity.accuracy')}
      columns={[t('capacity.events'), t('capacity.medianError'), t('capacity.largestError')]}
      caption
      rows={rows.map(({ figure, events, median, largest }) => ({
        name: t(`capacity.error-${figure}`),
        cells: [String(events), shown(median, units[figure]), shown(largest, units[figure])],
      }))}
    />
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
        {prediction.elements.map(({ name }) => name[language]).join(', ')}
      </summary>
      {notesOf(prediction).map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      <FigureTable
        label={`${t('capacity.predictions')} ${format.moment(Date.parse(prediction.at))}`}
        columns={[t('capacity.predicted'), t('capacity.seen'), t('capacity.error')]}
        rows={rowsOf(prediction).map(({ name, predicted, seen, error }) => ({
          name,
          cells: [predicted, seen, error],
        }))}
      />
    </details>
  );
}

interface FigureTableProps {
  readonly label: string;
  /** Of the numbers, beside the figure's name. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly ReactNode[] }[];
  /** Whether the label is also shown. */
  readonly caption?: boolean;
}

/** Figures by name, and their numbers. */
function FigureTable({ label, columns, rows, caption = false }: FigureTableProps): ReactNode {
  const { t } = useTranslation();
  return (
    <TableFrame label={label}>
      <table className="table">
        {caption ? <caption className="capacity-caption">{label}</caption> : null}
        <thead>
          <tr>
            <th scope="col">{t('capacity.figure')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map((column, at) => (
                <td key={column} className="number">
                  {cells[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
