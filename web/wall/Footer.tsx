import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useHealth } from '../api/queries.ts';
import { layers, type Layer } from '../../domain/plan.ts';
import { usableValue } from '../../domain/value.ts';
import { Choice } from '../parts/Choice.tsx';
import { usePoints } from '../live/hooks.tsx';

interface FooterProps {
  readonly sites: readonly SiteView[];
  readonly layer: Layer;
  readonly onLayer: (layer: Layer) => void;
}

/** The status line, and the layers of the plans. */
export function Footer({ sites, layer, onLayer }: FooterProps): ReactNode {
  const { t } = useTranslation();
  const health = useHealth();
  const links = useMemo(() => sites.flatMap((site) => site.devices.map((device) => device.link)), [sites]);
  const get = usePoints(links);
  const lost = links.filter((id) => usableValue(get(id)) !== 1).length;
  const problems = health?.parts.filter((part) => part.status !== 'ok') ?? [];
  return (
    <footer className="wall-footer">
      <p>
        <span className={lost > 0 ? 'status-problem' : ''} data-testid="devices-lost">
          {t('footer.lost', { count: lost, total: links.length })}
        </span>
        <span className={problems.length > 0 ? 'status-problem' : ''}>
          {health === undefined
            ? t('footer.unknown')
            : problems.length === 0
              ? t('footer.working')
              : t('footer.problems', {
                  parts: problems.map(({ part }) => t([`part.${part}`, part])).join(', '),
                })}
        </span>
      </p>
      <LayerButtons layer={layer} onLayer={onLayer} />
    </footer>
  );
}

export function LayerButtons({ layer, onLayer }: Omit<FooterProps, 'sites'>): ReactNode {
  const { t } = useTranslation();
  return (
    <Choice
      label={t('layer.label')}
      options={layers.map((name, place) => ({ name, text: t(`layer.${name}`), key: String(place + 1) }))}
      chosen={layer}
      onChoose={onLayer}
    />
  );
}
