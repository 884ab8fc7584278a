import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useHealth } from '../api/queries.ts';
import { layers, type Layer } from '../../domain/plan.ts';
import { usableValue } from '../../domain/value.ts';
import { Choice } from '../parts/Choice.tsx';
import { Calm } from './Calm.tsx';
import { signName } from './sign.ts';
import { inTurn, together } from './stage.ts';
import type { Stage } from './useStage.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { useNow, usePoints } from '../live/hooks.tsx';

interface FooterProps {
  readonly sites: readonly SiteView[];
  readonly layer: Layer;
  readonly onLayer: (layer: Layer) => void;
  readonly stage: Stage;
}

/** The status line, and the layers of the plans. */
export function Footer({ sites, layer, onLayer, stage }: FooterProps): ReactNode {
  const { t } = useTranslation();
  const health = useHealth();
  const links = useMemo(() => sites.flatMap((site) => site.devices.map((device) => device.link)), [sites]);
  const get = usePoints(links);
  const lost = links.filter((id) => usableValue(get(id)) !== 1).length;
  const problems = health?.parts.filter((part) => part.status !== 'ok') ?? [];
  return (
    <footer className="wall-footer">
      <Calm sites={sites} />
      <p className="wall-status">
        <span className={lost > 0 ? 'status-problem' : ''} data-testid="devices-lost">
          {t('footer.lost', { count: lost, total: links.length })}
        </span>
        <span className={problems.length > 0 ? 'status-problem' : ''}>
          {health === undefined
            ? t('footer.unknown')
            : problems.length === 0
              ? t('footer.working')
              : t('footer.problems', {
                  parts: problems.map(({ part }) => t(`part.${part}`)).join(', '),
                })}
        </span>
        <TrialAge passedAt={health?.trialPassedAt ?? null} startedAt={health?.startedAt} />
      </p>
      <div className="wall-choices">
        <StageButtons sites={sites} stage={stage} />
        <LayerButtons layer={layer} onLayer={onLayer} />
      </div>
    </footer>
  );
}

/** The trial runs every hour; two of them missed, and pages may not leave. */
const overdueMs = 7_200_000;

/** How long ago the way from a reading to a message proved itself. */
function TrialAge({
  passedAt,
  startedAt,
}: {
  passedAt: string | null;
  startedAt: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(60_000);
  if (startedAt === undefined) return null;
  const ageMs = now - Date.parse(passedAt ?? startedAt);
  return (
    <span className={ageMs > overdueMs ? 'status-problem' : ''} data-testid="trial">
      {passedAt === null ? t('footer.noTrial') : t('footer.trial', { age: format.age(ageMs) })}
    </span>
  );
}

function StageButtons({ sites, stage }: Pick<FooterProps, 'sites' | 'stage'>): ReactNode {
  const { t } = useTranslation();
  if (sites.length < 2) return null;
  return (
    <Choice
      label={t('stage.label')}
      options={[
        ...[together, inTurn].map((name) => ({ name, text: t(`stage.${name}`) })),
        ...sites.map((site) => ({ name: site.id, text: signName(site) })),
      ]}
      chosen={stage.view}
      onChoose={stage.choose}
    />
  );
}

export function LayerButtons({ layer, onLayer }: Omit<FooterProps, 'sites' | 'stage'>): ReactNode {
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
