import { Plus, X } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { permitWork } from '../../server/contracts/tickets.ts';
import { useLabel } from '../format/FormatContext.tsx';
import type { Draft } from './draft.ts';
import './work.css';

/** What the work does to the plant: devices that it takes out of service, and the permit that it needs. */
export function WorkFields({ site }: { site: SiteView | undefined }): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const { register } = useFormContext<Draft>();
  return (
    <>
      <TakesOut site={site} />
      <div className="field">
        <label htmlFor={id}>{t('work.suppresses')}</label>
        <select id={id} aria-describedby={`${id}-hint`} {...register('suppresses')}>
          <option value="">{t('permitWork.none')}</option>
          {permitWork.options.map((work) => (
            <option key={work} value={work}>
              {t(`permitWork.${work}`)}
            </option>
          ))}
        </select>
        <small id={`${id}-hint`}>{t('work.suppressesHint')}</small>
      </div>
    </>
  );
}

function TakesOut({ site }: { site: SiteView | undefined }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const id = useId();
  const { control, setValue } = useFormContext<Draft>();
  const chosen = useWatch({ control, name: 'takesOut' });
  const [typed, setTyped] = useState('');
  const [isUnknown, setUnknown] = useState(false);
  const devices = site?.devices ?? [];
  const change = (next: string[]): void => {
    setValue('takesOut', next, { shouldDirty: true });
  };
  function add(): void {
    const device = typed.trim();
    if (device === '') return;
    const isKnown = devices.some((each) => each.id === device);
    setUnknown(!isKnown);
    if (!isKnown) return;
    if (!chosen.includes(device)) change([...chosen, device]);
    setTyped('');
  }
  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend>{t('work.takesOut')}</legend>
      <ul className="work-devices">
        {chosen.map((device) => (
          <li key={device}>
            <b>{device}</b>
            <button type="button" className="button button--plain" aria-label={t('work.remove', { device })} onClick={() => { change(chosen.filter((each) => each !== device)); }}>
              <X aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <div className="work-add">
        <label className="field">
          {t('work.device')}
          <input
            list={`${id}-devices`} value={typed} aria-invalid={isUnknown} aria-describedby={`${id}-error`}
            onChange={(event) => { setTyped(event.target.value); setUnknown(false); }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
        </label>
        <datalist id={`${id}-devices`}>
          {devices.map((device) => (
            <option key={device.id} value={device.id}>{label(device.name)}</option>
          ))}
        </datalist>
        <button type="button" className="button" onClick={add}>
          <Plus aria-hidden="true" size="1.2em" /> {t('work.add')}
        </button>
      </div>
      <output className="field-error" id={`${id}-error`}>{isUnknown ? t('work.unknownDevice') : ''}</output>
      <small id={`${id}-hint`}>{t('work.takesOutHint')}</small>
    </fieldset>
  ); // prettier-ignore
}
