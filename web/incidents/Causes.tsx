import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { useLabel } from '../format/FormatContext.tsx';

/** The cause first, then what follows from it, counted by kind with the way from one to the other. */
export function Causes({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const kinds = new Map<string, { readonly name: string; count: number; readonly path: string }>();
  for (const { because, rule, name } of incident.alarms) {
    if (because === null) continue;
    const known = kinds.get(rule);
    if (known === undefined)
      kinds.set(rule, { name: label(name), count: 1, path: because.path.map(label).join(' ← ') });
    else known.count += 1;
  }
  return (
    <section className="panel">
      <h2>{t('cause.title')}</h2>
      {incident.mergedInto === null ? null : (
        <p>
          <Link to={`/gangguan/${incident.mergedInto}`}>{t('cause.mergedInto')}</Link>
        </p>
      )}
      <ul className="plain">
        {incident.causes.map((cause) => (
          <li key={`${cause.node} ${cause.effect ?? ''}`}>
            <b>{label(cause.name)}</b> {cause.inferred ? <small>{t('cause.inferred')}</small> : null}
          </li>
        ))}
      </ul>
      {kinds.size === 0 ? null : (
        <>
          <h3>{t('cause.consequences')}</h3>
          <ul className="plain">
            {[...kinds.values()].map(({ name, count, path }) => (
              <li key={name}>
                <b>{count}×</b> {name} <small>{path}</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
