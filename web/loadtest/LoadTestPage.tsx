import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import {
  loadTestTexts,
  siteText,
  sourceText,
  thingText,
  thingsText,
  unitWord,
} from '../../domain/wording/load-test.ts';
import type { LoadTestView } from '../../server/contracts/load-test-document.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Deficiencies } from './Deficiencies.tsx';
import { Signatures } from './Signatures.tsx';
import { Transfers, UpsTable } from './Transfers.tsx';
import { boundsOf, limitOf, reasonOf, valueOf } from './criterion.ts';
import { runQuery } from './queries.ts';
import { Verdict } from './Verdict.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import './loadtest.css';

/** One genset run: result, criteria, phases with their bounds, coverage; its printed report. */
export function LoadTestPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const [search] = useSearchParams();
  const run = useQuery(runQuery(useApi(), id, search.get('revisi')));
  const title = t('page.loadTests');
  useTitle(run.data === undefined ? title : `${title} ${siteText(run.data)}`);
  return (
    <div className="loadtest">
      <header className="page-head">
        <h1>{run.data === undefined ? title : <Heading view={run.data} />}</h1>
        <Link to="/uji-beban" className="button">{t('loadTest.back')}</Link>
      </header>
      <Failed error={run.error} />
      {run.isPending ? <output className="note">{t('page.loading')}</output> : null}
      {run.data === undefined ? null : (
        <>
          <Facts view={run.data} />
          <Criteria view={run.data} />
          <Transfers view={run.data} />
          <UpsTable view={run.data} />
          <Phases view={run.data} />
          <Deficiencies key={run.data.revision} view={run.data} />
          <Evidence view={run.data} />
          <Signatures view={run.data} />
        </>
      )}
    </div>
  ); // prettier-ignore
}

function Heading({ view }: { view: LoadTestView }): ReactNode {
  const format = useFormat();
  const sites = useSites().data ?? [];
  const name = sites.find((site) => site.id === view.site)?.name ?? view.site;
  return `${loadTestTexts[format.language].labels[view.label]} ${name}, ${format.date(Date.parse(view.from))}`;
}

function Facts({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { words, labels, reasons } = loadTestTexts[format.language];
  const hour = format.language === 'id' ? 'jam' : 'h';
  const of = (value: number | null, unit: string, decimals = 0): string =>
    value === null ? words.unknown : `${format.number(value, decimals)} ${unit}`;
  const facts: readonly (readonly [string, string])[] = [
    [words.kind, `${labels[view.label]} (${reasons[view.why] ?? view.why})`],
    [words.revision, String(view.revision)],
    [words.from, format.moment(Date.parse(view.from))],
    [words.to, format.moment(Date.parse(view.to))],
    [words.peak, of(view.kwMax, 'kW')],
    [words.mean, of(view.kwMean, 'kW')],
    [words.fuel, of(view.fuelUsed, 'L', 1)],
    [words.rate, of(view.fuelRate, `L/${hour}`, 1)],
    [words.endurance, of(view.enduranceHours, hour, 1)],
    [words.coverage, of(view.coverage, '%', 1)],
  ];
  return (
    <section className="panel">
      <h2>
        {words.result}: <Verdict verdict={view.verdict} />
      </h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="loadtest-files">
        {(['id', 'en'] as const).map((language) => (
          <a key={language} className="button" href={`/api/v1/load-tests/${encodeURIComponent(view.id)}/report.pdf?language=${language}&revision=${view.revision}`} download>
            <FileText aria-hidden="true" size="1em" />{' '}
            {t('loadTest.pdf', { language: t(language === 'id' ? 'loadTest.indonesian' : 'loadTest.english') })}
          </a>
        ))}
        <a className="button" href={`/api/v1/load-tests/${encodeURIComponent(view.id)}/report.xlsx?language=${format.language}&revision=${view.revision}`} download>
          <FileText aria-hidden="true" size="1em" /> {t('loadTestReport.xlsx')}
        </a>
      </p>
    </section>
  ); // prettier-ignore
}

function Criteria({ view }: { view: LoadTestView }): ReactNode {
  const format = useFormat();
  const { words } = loadTestTexts[format.language];
  return (
    <section className="panel">
      <h2>{words.criteria}</h2>
      <TableFrame label={words.criteria}>
        <table className="table table--stacked" data-testid="criteria">
          <thead>
            <tr>
              <th scope="col">{words.criterion}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.limit}</th>
              <th scope="col">{words.source}</th>
              <th scope="col">{words.result}</th>
            </tr>
          </thead>
          <tbody>
            {view.criteria.map((criterion) => {
              const bounds = boundsOf(criterion, format);
              const reason = reasonOf(view, criterion, format.language);
              return (
                <tr key={criterion.name}>
                  <th scope="row">
                    {criterion.title[format.language]}
                    {criterion.reference ? ` (${words.reference})` : ''}
                  </th>
                  <td data-label={words.value}>
                    {valueOf(criterion, format)} {bounds === null ? null : <small>({bounds})</small>}
                  </td>
                  <td data-label={words.limit}>{limitOf(criterion, format)}</td>
                  <td data-label={words.source}>{sourceText(criterion.source, format.language)}</td>
                  <td data-label={words.result}>
                    <Verdict verdict={criterion.verdict} /> {reason === null ? null : <small>{reason}</small>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Phases({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { words, phases, seen } = loadTestTexts[format.language];
  const edge = (at: string | null, doubtMs: number | null): ReactNode =>
    at === null ? (
      '–'
    ) : (
      <>
        {format.time(Date.parse(at))}{' '}
        {doubtMs === null || doubtMs === 0 ? null : (
          <small>
            {t('loadTest.bounds', {
              time: `${format.number(doubtMs / 1_000, 1)} ${unitWord('s', format.language)}`,
            })}
          </small>
        )}
      </>
    );
  return (
    <section className="panel">
      <h2>{words.timeline}</h2>
      <TableFrame label={words.timeline}>
        <table className="table table--stacked" data-testid="phases">
          <thead>
            <tr>
              <th scope="col">{words.phase}</th>
              <th scope="col">{words.thing}</th>
              <th scope="col">{words.begins}</th>
              <th scope="col">{words.ends}</th>
              <th scope="col">{words.evidence}</th>
            </tr>
          </thead>
          <tbody>
            {view.phases.map((row) => (
              <tr key={`${row.phase} ${row.thing} ${row.from}`}>
                <th scope="row">{phases[row.phase] ?? row.phase}</th>
                <td data-label={words.thing}>
                  {row.thing === null ? siteText(view) : thingText(view, row.thing, format.language)}
                </td>
                <td data-label={words.begins}>{edge(row.from, row.fromDoubtMs)}</td>
                <td data-label={words.ends}>{edge(row.to, row.toDoubtMs)}</td>
                <td data-label={words.evidence}>{seen[row.seen]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Evidence({ view }: { view: LoadTestView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { words } = loadTestTexts[format.language];
  const seconds = (ms: number): string => `${format.number(ms / 1_000, 1)} ${unitWord('s', format.language)}`;
  return (
    <section className="panel">
      <h2>{t('loadTest.coverage')}</h2>
      <dl className="facts">
        <div>
          <dt>{words.clocks}</dt>
          <dd>
            {view.clocks.length === 0
              ? words.none
              : view.clocks
                  .map(({ device, offsetMs, doubtMs }) => `${thingText(view, device, format.language)} ${seconds(offsetMs)} (± ${seconds(doubtMs)})`)
                  .join('; ')}
          </dd>
        </div>
        <div>
          <dt>{words.frozen}</dt>
          <dd>{view.frozen.length === 0 ? words.none : thingsText(view, view.frozen, format.language)}</dd>
        </div>
        <div>
          <dt>{words.hash}</dt>
          <dd><code className="loadtest-hash">{view.sha256}</code></dd>
        </div>
      </dl>
      {view.missing.length === 0 ? (
        <p className="note">{t('loadTest.noGaps')}</p>
      ) : (
        <>
          <h3>{words.gaps}</h3>
          <p className="note">{words.gapsNote}</p>
          <details>
            <summary>
              {words.points}: {view.missing.length}
            </summary>
            <ul className="plain">
              {view.missing.map(({ point, percent }) => (
                <li key={point}>
                  <code className="loadtest-hash">{point}</code> {format.number(percent, 1)} %
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  ); // prettier-ignore
}
