import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComplianceView } from '../../server/contracts/compliance.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';

/** ASHRAE's indices of each data hall; what is not measured says so. */
export function Indices({ view }: { view: ComplianceView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const percent = (value: number | null): string => (value === null ? '–' : `${format.number(value, 1)} %`);
  return (
    <section className="panel">
      <h2>{t('compliance.indices')}</h2>
      <p className="note">{t('compliance.indicesExplained', { source: view.indices.source })}</p>
      <dl className="facts">
        {view.indices.halls.map((hall) => (
          <div key={hall.room}>
            <dt>
              <Name>{label(hall.name)}</Name> ({t('compliance.things', { count: hall.sensors })})
            </dt>
            <dd>
              RCI HI {percent(hall.rciHigh)} · RCI LO {percent(hall.rciLow)} · RTI {percent(hall.rti)}
              {hall.notMeasured === null ? null : (
                <small>
                  {' '}
                  <Name>{label(hall.notMeasured)}</Name>
                </small>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
