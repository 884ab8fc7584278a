import { useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { priority } from '../../config/schema/common.ts';
import { discipline } from '../../config/schema/rule.ts';
import { useSites } from '../api/queries.ts';
import { SearchBox } from './SearchBox.tsx';
import { isWhole, orders, statuses, type ListView } from './list-view.ts';

interface FiltersProps {
  readonly view: ListView;
  readonly onChange: (change: Partial<ListView>) => void;
  readonly searchBox: RefObject<HTMLInputElement | null>;
}

/** What narrows the list. Status and order are questions to what is open only. */
export function Filters({ view, onChange, searchBox }: FiltersProps): ReactNode {
  const { t } = useTranslation();
  const sites = useSites().data ?? [];
  const open = view.list === 'terbuka';
  const [cleared, setCleared] = useState(0);
  return (
    <search className="incident-filters" aria-label={t('list.filter')}>
      <SearchBox key={cleared} box={searchBox} text={view.text} onSearch={(text) => { onChange({ text }); }} />
      <fieldset className="incident-priorities" aria-label={t('list.priority')}>
        {priority.options.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={view.priorities.includes(one)}
            onClick={() => {
              const others = view.priorities.filter((other) => other !== one);
              onChange({ priorities: others.length < view.priorities.length ? others : [...others, one].sort() });
            }}
          >
            {one}
          </button>
        ))}
      </fieldset>
      <Pick label={t('list.site')} all={t('list.everySite')} value={view.site} options={sites.map(({ id, name }) => ({ name: id, text: name }))} onPick={(site) => { onChange({ site }); }} />
      <Pick label={t('list.discipline')} all={t('list.everyDiscipline')} value={view.discipline} options={discipline.options.map((name) => ({ name, text: t(`discipline.${name}`) }))} onPick={(of) => { onChange({ discipline: of }); }} />
      {open ? (
        <>
          <Pick label={t('list.status')} all={t('list.everyStatus')} value={view.status} options={statuses.map((name) => ({ name, text: t(`listStatus.${name}`) }))} onPick={(status) => { onChange({ status }); }} />
          <Pick label={t('list.order')} value={view.order} options={orders.map((name) => ({ name, text: t(`listOrder.${name}`) }))} onPick={(order) => { onChange({ order: order ?? 'prioritas' }); }} />
        </>
      ) : null}
      {isWhole(view) ? null : (
        <button
          type="button"
          className="button button--plain"
          onClick={() => { setCleared(cleared + 1); onChange({ site: undefined, priorities: [], discipline: undefined, status: undefined, text: '' }); }}
        >
          {t('list.clear')}
        </button>
      )}
    </search>
  ); // prettier-ignore
}

interface PickProps<Name extends string> {
  readonly label: string;
  /** The text of "all of them"; absent: one of the options is always chosen. */
  readonly all?: string;
  readonly value: Name | undefined;
  readonly options: readonly { readonly name: Name; readonly text: string }[];
  readonly onPick: (name: Name | undefined) => void;
}

function Pick<Name extends string>({ label, all, value, options, onPick }: PickProps<Name>): ReactNode {
  return (
    <select
      className="input"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => {
        onPick(options.find(({ name }) => name === event.target.value)?.name);
      }}
    >
      {all === undefined ? null : <option value="">{all}</option>}
      {options.map(({ name, text }) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}
