import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { deviceTag } from '../../domain/devices.ts';
import { usableValue } from '../../domain/value.ts';
import type { DeviceView } from '../../server/contracts/sites.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { usePoint } from '../live/hooks.tsx';
import { PointButton } from '../parts/PointButton.tsx';
import { Name } from '../parts/Name.tsx';

/** A device with all that is read from it; every value opens its history. */
export function DevicePanel({ device }: { device: DeviceView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const link = usableValue(usePoint(device.link));
  return (
    <section className="panel" data-testid={`device-${device.id}`}>
      <h2>
        <Name>{label(device.name)}</Name>{' '}
        <small>
          {[
            deviceTag(device.id),
            t(`kind.${device.kind}`),
            device.feed === null ? null : t('place.feed', { feed: device.feed }),
            `${device.maker} ${device.model}`,
            t(`protocol.${device.protocol}`),
            link === undefined ? t('quality.never-read') : t(link === 1 ? 'state.ok' : 'state.lost'),
            device.toBeConfirmed === null ? null : t('site.toBeConfirmed'),
          ]
            .filter((part) => part !== null)
            .join(' · ')}
        </small>
      </h2>
      <div className="place-points">
        {device.points.map((point) => (
          <PointButton key={point.id} point={point} named />
        ))}
      </div>
    </section>
  );
}
