import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { collectorFigures, collectorOwner } from '../../config/schema/diagnostics.ts';
import type { CollectorView } from '../../server/contracts/collectors.ts';
import { useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import type { DevicePoint } from '../../domain/devices.ts';
import { useNow } from '../live/hooks.tsx';
import { PointButton } from '../parts/PointButton.tsx';
import { useCollectorName } from './names.ts';
import { factsOf, type Fact } from './facts.ts';
import { TableFrame } from '../parts/TableFrame.tsx';
import { Name } from '../parts/Name.tsx';

/** Who reads the field, and how it does: one card a collector. */
export function Collectors({ collectors }: { collectors: readonly CollectorView[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="collectors" aria-label={t('collectors.label')}>
      {collectors.map((collector) => (
        <Card key={collector.name} collector={collector} />
      ))}
    </ul>
  );
}

const inconspicuous: ReadonlySet<CollectorView['state']> = new Set(['reporting', 'never-seen', 'off']);

function Card({ collector }: { collector: CollectorView }): ReactNode {
  const { t } = useTranslation();
  const collectorName = useCollectorName();
  const now = useNow(5_000);
  const odd = !inconspicuous.has(collector.state);
  return (
    <li className="panel collector" data-collector={collector.name}>
      <h2>
        {collectorName(collector.name)}
        <small className={odd ? 'collector-state collector-state--odd' : 'collector-state'}>
          {t(`collectorState.${collector.state}`)}
        </small>
      </h2>
      <dl className="collector-facts">
        {factsOf(collector, now).map((fact) => (
          <FactRow key={fact.name} fact={fact} />
        ))}
      </dl>
      {collector.sites.length === 0 ? null : <Pace sites={collector.sites} />}
    </li>
  );
}

function FactRow({ fact }: { fact: Fact }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const text = fact.parts.map((part) => {
    switch (part.kind) {
      case 'age':
        return t('value.age', { age: format.age(part.ms) });
      case 'oldest':
        return t('collectors.oldest', { age: format.age(part.ms) });
      case 'seconds':
        return format.quantity(part.seconds, 's');
      case 'megabytes':
        return t('collectors.ofDisk', { used: format.number(part.used, 1), limit: format.number(part.limit, 0) });
      case 'lost':
        return t('collectors.devicesLost', { count: part.count });
      case 'count':
        return format.number(part.count, 0);
      case 'text':
        return part.text;
    }
  }); // prettier-ignore
  return (
    <div className={fact.odd ? 'collector-odd' : ''}>
      <dt>{t(`collectors.${fact.name}`)}</dt>
      <dd>{text.join(' · ')}</dd>
    </div>
  );
}

const shown = collectorFigures.filter(({ figure }) => figure !== 'lost');
const staleAfterMs = 35_000;

/** A collector's own figures at each of its sites, live; each opens its history. */
function Pace({ sites }: { sites: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  const known = useSites().data;
  return (
    <TableFrame label={`${t('devices.site')}: ${sites.join(', ')}`}>
      <table className="table collector-pace">
        <thead>
          <tr>
            <th scope="col">{t('devices.site')}</th>
            {shown.map(({ figure }) => (
              <th key={figure} scope="col" className="number">
                {t(`pace.${figure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site}>
              <th scope="row">
                <Name>{known?.find(({ id }) => id === site)?.name ?? site}</Name>
              </th>
              {shown.map(({ quantity, unit }) => (
                <td key={quantity} className="number">
                  <PointButton point={ownPoint(site, quantity, unit)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function ownPoint(site: string, quantity: string, unit: string): DevicePoint {
  return {
    id: `${site}/${collectorOwner}/${quantity}`,
    part: null,
    quantity,
    unit,
    states: null,
    staleAfterMs,
  };
}
