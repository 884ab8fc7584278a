import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureSentence } from '../../domain/wording/capacity.ts';
import type { ElementView, WhatIfView } from '../../server/contracts/capacity.ts';
import { useApi } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Mark } from './Failures.tsx';
import { whatIfQuery } from './queries.ts';

interface WhatIfProps {
  readonly elements: readonly ElementView[];
  readonly maintained: string;
  readonly failed: string;
  readonly choose: (next: Readonly<Record<string, string>>) => void;
}

/** What is taken out for maintenance, and what fails meanwhile; from the load of this moment. */
export function WhatIf({ elements, maintained, failed, choose }: WhatIfProps): ReactNode {
  const { t } = useTranslation();
  const keys = [...new Set([maintained, failed])].filter((key) =>
    elements.some((element) => element.key === key),
  );
  const query = useQuery(whatIfQuery(useApi(), keys));
  return (
    <section className="panel">
      <h2>{t('capacity.whatIf')}</h2>
      <div className="capacity-pick">
        <Picker
          label={t('capacity.maintained')}
          elements={elements}
          value={maintained}
          onChange={(pemeliharaan) => {
            choose({ pemeliharaan, gagal: failed });
          }}
        />
        <Picker
          label={t('capacity.failed')}
          elements={elements}
          value={failed}
          onChange={(gagal) => {
            choose({ pemeliharaan: maintained, gagal });
          }}
        />
      </div>
      <Failed error={query.error} />
      <div aria-live="polite">{query.data === undefined ? null : <Outcome view={query.data} />}</div>
    </section>
  );
}

interface PickerProps {
  readonly label: string;
  readonly elements: readonly ElementView[];
  readonly value: string;
  readonly onChange: (key: string) => void;
}

function Picker({ label, elements, value, onChange }: PickerProps): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const kinds = [...new Set(elements.map(({ kind }) => kind))];
  return (
    <label className="field">
      {label}
      <select
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">{t('capacity.nothing')}</option>
        {kinds.map((kind) => (
          <optgroup key={kind} label={t(`capacity.kind-${kind}`)}>
            {elements
              .filter((element) => element.kind === kind)
              .map((element) => (
                <option key={element.key} value={element.key}>
                  {element.name[language]}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** More racks than these are a number, not a list. */
const mostRacks = 60;

function Outcome({ view }: { view: WhatIfView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p className="capacity-failure">
        <Mark racks={view.racks} />
        <span>{failureSentence(view.elements, view, format.language)}</span>
      </p>
      {view.missing.length === 0 ? null : (
        <p className="note">
          {t('capacity.needs', {
            names: [...new Set(view.missing.map(({ name }) => name[format.language]))].slice(0, 5).join(', '),
          })}
        </p>
      )}
      {view.near.length === 0 ? null : (
        <ul className="capacity-near">
          {view.near.map(({ key, loadKw, limitKw }) => (
            <li key={key}>
              {t('capacity.near', {
                name: view.names[key]?.[format.language] ?? key,
                load: format.quantity(loadKw, 'kW'),
                limit: format.quantity(limitKw, 'kW'),
                share: format.number((loadKw / limitKw) * 100, 0),
              })}
            </li>
          ))}
        </ul>
      )}
      {view.affected.length === 0 ? null : (
        <details>
          <summary>{t('capacity.affected', { n: format.number(view.affected.length, 0) })}</summary>
          <ul className="capacity-racks">
            {view.affected.slice(0, mostRacks).map((rack) => (
              <li key={rack.rack}>
                <b>{rack.label}</b> {t(`capacity.state-${rack.state}`)}
                {rack.kw === null ? null : <small> {format.quantity(rack.kw, 'kW')}</small>}
              </li>
            ))}
          </ul>
          {view.affected.length > mostRacks ? (
            <p className="note">{t('capacity.more', { n: view.affected.length - mostRacks })}</p>
          ) : null}
        </details>
      )}
    </>
  );
}
