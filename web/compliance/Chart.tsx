import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { ComplianceView } from '../../server/contracts/compliance.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { useChartWidth } from '../parts/paper.ts';

const rowHeight = 26;

/** How much of the time each row held, was broken, and was not measured. The table below says the same in figures. */
export function Chart({ view }: { view: ComplianceView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const width = useChartWidth();
  const rows = view.items.map(({ name, share }) => {
    const known = share.coverage;
    const held = share.held === null ? 0 : (share.held * known) / 100;
    return { name: label(name), held, broken: share.held === null ? 0 : known - held, unknown: 100 - known };
  });
  return (
    <section className="panel" aria-label={t('compliance.chart')}>
      <h2>{t('compliance.chart')}</h2>
      <ul className="plain compliance-legend">
        <li className="compliance-key--held">{t('compliance.held')}</li>
        <li className="compliance-key--broken">{t('compliance.broken')}</li>
        <li className="compliance-key--unknown">{t('compliance.unknown')}</li>
      </ul>
      <div aria-hidden="true">
        <ResponsiveContainer width={width} height={rows.length * rowHeight + 40}>
          <BarChart data={rows} layout="vertical" margin={{ left: 8, right: 16 }} accessibilityLayer={false}>
            <XAxis type="number" domain={[0, 100]} unit=" %" stroke="var(--chart-text)" />
            <YAxis type="category" dataKey="name" width={180} interval={0} stroke="var(--chart-text)" tick={{ fontSize: 13 }} />
            <Bar dataKey="held" stackId="time" fill="var(--mid-strong)" isAnimationActive={false} />
            <Bar dataKey="broken" stackId="time" fill="var(--p2)" isAnimationActive={false} />
            <Bar dataKey="unknown" stackId="time" fill="var(--inset)" stroke="var(--edge)" isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </section>
  );
} // prettier-ignore
