import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSites } from '../api/queries.ts';
import { Name } from '../parts/Name.tsx';

/** Ids of sites; null: every site. */
export type Limit = readonly string[] | null;

/** The sites of an account by name. */
export function useLimitText(): (limit: Limit) => string {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  return (limit) =>
    limit === null
      ? t('users.everySite')
      : limit.map((id) => sites.find((site) => site.id === id)?.name ?? id).join(', ');
}

interface SiteChoiceProps {
  /** What it is about, for who does not see the row. */
  readonly label: string;
  readonly value: Limit;
  readonly onChange: (limit: Limit) => void;
}

/** Every site, or some of them: a box each. */
export function SiteChoices({ label, value, onChange }: SiteChoiceProps): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const toggle = (id: string): void => {
    const chosen = value ?? [];
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    <fieldset className="users-sites">
      <legend>{label}</legend>
      <label>
        <input type="checkbox" checked={value === null} onChange={() => { onChange(value === null ? [] : null); }} />{' '}
        {t('users.everySite')}
      </label>
      {sites.map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={value?.includes(id) === true} disabled={value === null} onChange={() => { toggle(id); }} />{' '}
          <Name>{name}</Name>
        </label>
      ))}
    </fieldset>
  ); // prettier-ignore
}

/** The sites of an account, changed in two steps: who may see nothing cannot be saved. */
export function SiteLimit(props: SiteChoiceProps): ReactNode {
  const { t } = useTranslation();
  const text = useLimitText();
  const [draft, setDraft] = useState<Limit | undefined>();
  const { label, value, onChange } = props;
  if (draft === undefined)
    return (
      <>
        <Name>{text(value)}</Name>{' '}
        <button type="button" className="button" aria-label={label} onClick={() => { setDraft(value); }}>
          {t('users.change')}
        </button>
      </>
    ); // prettier-ignore
  return (
    <span className="users-actions">
      <SiteChoices label={label} value={draft} onChange={setDraft} />
      <button
        type="button"
        className="button button--strong"
        disabled={draft?.length === 0}
        onClick={() => {
          setDraft(undefined);
          onChange(draft);
        }}
      >
        {t('users.save')}
      </button>
      <button type="button" className="button button--plain" onClick={() => { setDraft(undefined); }}>
        {t('users.cancel')}
      </button>
    </span>
  ); // prettier-ignore
}
