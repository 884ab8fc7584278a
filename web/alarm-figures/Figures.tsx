import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { aimText, figureText, shortText, verdictText } from '../../domain/wording/alarm-figures.ts';
import type { AlarmFiguresView, AlarmFigureView } from '../../server/contracts/alarm-figures.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

const marks = { met: Check, missed: X, 'too-short': Minus, nothing: Minus };

/** Every figure beside its aim, a column for each site. */
export function Figures({ view }: { view: AlarmFiguresView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const { language } = useFormat();
  const { sites, items, daysNeeded } = view;
  const rows = items.filter(({ site }) => site === sites[0]?.site);
  return (
    <section className="panel">
      <h2>{t('alarmFigures.figures')}</h2>
      {sites
        .filter(({ days }) => days < daysNeeded)
        .map(({ site, name, days }) => (
          <p key={site} className="alarm-figures-short">
            <b>{name}</b> {shortText(days, daysNeeded, language)}
          </p>
        ))}
      <TableFrame label={t('alarmFigures.figures')}>
        <table className="table table--stacked alarm-figures-table">
          <thead>
            <tr>
              <th scope="col">{t('alarmFigures.figure')}</th>
              <th scope="col">{t('alarmFigures.aim')}</th>
              {sites.map(({ site, name }) => (
                <th key={site} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">{t('alarmFigures.source')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.figure}>
                <th scope="row">
                  <Name>{label(row.name)}</Name>
                </th>
                <td className="alarm-figures-aim" data-label={t('alarmFigures.aim')}>
                  {aimText(row, language)}
                </td>
                {sites.map(({ site, name }) => (
                  <Cell
                    key={site}
                    siteName={name}
                    item={items.find((each) => each.site === site && each.figure === row.figure)}
                  />
                ))}
                <td data-label={t('alarmFigures.source')}>
                  <small>{row.source}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

/** A verdict is a sign and words, never a colour alone. */
function Cell({ siteName, item }: { siteName: string; item: AlarmFigureView | undefined }): ReactNode {
  const { language } = useFormat();
  if (item === undefined) return <td>–</td>;
  const Mark = marks[item.verdict];
  return (
    <td className={`alarm-figures-value alarm-figures-value--${item.verdict}`} data-label={siteName}>
      <b>{figureText(item, language)}</b>
      <span className="alarm-figures-verdict">
        <Mark aria-hidden="true" size="1em" /> {verdictText(item.verdict, language)}
      </span>
    </td>
  );
}
