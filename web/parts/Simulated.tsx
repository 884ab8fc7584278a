import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../api/queries.ts';
import './simulated.css';

/** While the field is simulated no page may be taken for the real thing. */
export function Simulated(): ReactNode {
  const { t } = useTranslation();
  const health = useHealth();
  if (health === undefined || health.field === 'real') return null;
  return (
    <div className="simulated" role="note" data-testid="simulated">
      <b>SIMULASI</b>
      <span>{t('simulated.explained')}</span>
    </div>
  );
}
