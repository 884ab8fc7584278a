import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { glossary, type Term } from '../../domain/glossary.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import './glossary.css';

/** What the words on the screens mean, in both languages, and which clause they come from. */
export function GlossaryPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.glossary'));
  const { language } = useFormat();
  const other = language === 'id' ? 'en' : 'id';
  const [wanted, setWanted] = useState('');
  const shown = glossary
    .filter((term) => matches(term, wanted))
    .toSorted((a, b) => a[language].localeCompare(b[language], language));
  return (
    <div className="glossary">
      <header className="page-head">
        <h1>{t('page.glossary')}</h1>
      </header>
      <p>{t('glossary.about')}</p>
      <search>
        <label className="field">
          {t('glossary.search')}
          <input
            type="search"
            value={wanted}
            onChange={(event) => {
              setWanted(event.target.value);
            }}
          />
        </label>
      </search>
      {shown.length === 0 ? <p className="note">{t('glossary.none')}</p> : null}
      <dl className="panel glossary-terms">
        {shown.map((term) => (
          <div key={term.id}>
            <dt>
              <b>{term[language]}</b> <span lang={other}>{term[other]}</span>
            </dt>
            <dd>{term.meaning[language]}</dd>
            <dd className="glossary-source">{term.source ?? t('glossary.own')}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function matches({ id, en, meaning }: Term, wanted: string): boolean {
  const text = [id, en, meaning.id, meaning.en].join('\n').toLowerCase();
  return text.includes(wanted.trim().toLowerCase());
}
