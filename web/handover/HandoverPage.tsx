import { useQuery } from '@tanstack/react-query';
import { Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { HandoverView } from '../../server/contracts/handover.ts';
import { useApi } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { HandoverContent } from './HandoverContent.tsx';
import { Note, Signatures } from './Signing.tsx';
import { handoverQuery } from './queries.ts';
import '../incidents/print.css';
import { Failed } from '../parts/Failed.tsx';
import './handover.css';

/** The handover of one shift: what stands, what happened, the note, who signed. Prints on one or two sheets. */
export function HandoverPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const found = useQuery(handoverQuery(useApi(), id));
  if (found.data !== undefined) return <Handover handover={found.data} />;
  return <div className="note">{found.isError ? <Failed error={found.error} /> : t('history.loading')}</div>;
}

function Handover({ handover }: { handover: HandoverView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const { name, from, to, team, members, state, late, next, content } = handover;
  useTitle(`${t('handover.of', { shift: label(name) })} · ${format.day(Date.parse(from))}`);
  const people = (list: HandoverView['members']): string => list.map((each) => each.name).join(', ');
  return (
    <article className="handover document">
      <header className="page-head">
        <h1>{t('handover.of', { shift: label(name) })}</h1>
        <span>
          {format.date(Date.parse(from))}, {format.clock(Date.parse(from))}–{format.clock(Date.parse(to))} WIB
        </span>
      </header>
      <p className={late ? 'handover-state handover-late' : 'handover-state'}>
        {t(`handover.${state}`)}
        {late ? ` · ${t('handover.late')}` : ''}
      </p>
      <dl className="panel facts">
        <div>
          <dt>{t('handover.outgoing')}</dt>
          <dd>
            {team}: {people(members)}
          </dd>
        </div>
        <div>
          <dt>{t('handover.incoming')}</dt>
          <dd>{next === null ? '–' : `${next.team} (${label(next.name)}): ${people(next.members)}`}</dd>
        </div>
        <div>
          <dt>{t('handover.period')}</dt>
          <dd>
            {format.moment(Date.parse(content.since))} – {format.moment(Date.parse(content.asOf))} WIB
          </dd>
        </div>
      </dl>
      <HandoverContent content={content} />
      <Note handover={handover} />
      <Signatures handover={handover} />
      <p className="document-tools">
        <Link to="/serah-terima" className="button">
          {t('handover.all')}
        </Link>
        <button
          type="button"
          className="button"
          onClick={() => {
            window.print();
          }}
        >
          <Printer aria-hidden="true" size="1.2em" /> {t('handover.print')}
        </button>
      </p>
    </article>
  );
}
