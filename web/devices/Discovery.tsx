import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import {
  discoveryRun,
  discoveryView,
  type DiscoveryFinding,
  type DiscoveryRun,
} from '../../server/contracts/discovery.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { copyText } from '../parts/copy-text.ts';
import { Failed } from '../parts/Failed.tsx';

const key = ['discovery'];
/** While a search runs, and otherwise: another person may have started one. */
const refetchMs = { running: 1_000, idle: 30_000 };

/** Search of a site's network for devices that are not configured, and what it found. */
export function Discovery(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const answer = useQuery({
    queryKey: key,
    queryFn: () => api.get('discovery', discoveryView),
    refetchInterval: ({ state }) => (state.data?.run?.endedAt === null ? refetchMs.running : refetchMs.idle),
  });
  const view = answer.data;
  return (
    <details className="panel discovery" data-testid="discovery">
      <summary>
        {t('discovery.title')}
        {view === undefined || view.findings.length === 0
          ? ''
          : ` · ${t('discovery.count', { count: view.findings.length })}`}
      </summary>
      <Failed error={answer.error} />
      {view === undefined ? null : (
        <>
          {view.sites.length === 0 ? (
            <p className="note">{t('discovery.elsewhere')}</p>
          ) : (
            <Start sites={view.sites} isRunning={view.run?.endedAt === null} />
          )}
          {view.run === null ? null : <Run run={view.run} />}
          <ul className="discovery-list">
            {view.findings.map((finding) => (
              <Finding key={`${finding.site} ${finding.protocol} ${finding.address}`} finding={finding} />
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

function Start({ sites, isRunning }: { sites: readonly string[]; isRunning: boolean }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const names = useSites().data ?? [];
  const [protocols, setProtocols] = useState({ snmp: true, modbus: false, mqtt: false });
  const changed = { onSuccess: () => queries.invalidateQueries({ queryKey: key }) };
  const start = useMutation({
    mutationFn: ({ site, ranges }: { site: string; ranges: string[] }) =>
      api.send('POST', 'discovery', { body: { site, ranges, ...protocols }, schema: discoveryRun }),
    ...changed,
  });
  const stop = useMutation({
    mutationFn: () => api.send('POST', 'discovery/stop', { schema: z.undefined() }),
    ...changed,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [site, ranges] = [data.get('site'), data.get('ranges')];
    if (typeof site === 'string' && typeof ranges === 'string')
      start.mutate({ site, ranges: ranges.split(/[\s,]+/).filter((range) => range !== '') });
  };
  return (
    <form className="discovery-form" onSubmit={submit}>
      <p className="note">{t('discovery.how')}</p>
      <label className="field">
        {t('devices.site')}
        <select name="site" className="input">
          {sites.map((site) => (
            <option key={site} value={site}>
              {names.find(({ id }) => id === site)?.name ?? site}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('discovery.ranges')}
        <input
          name="ranges"
          className="input"
          required={protocols.snmp || protocols.modbus}
          maxLength={400}
          placeholder="10.0.0.0/24"
          autoComplete="off"
        />
      </label>
      {(['snmp', 'modbus', 'mqtt'] as const).map((protocol) => (
        <label key={protocol} className="check">
          <input
            type="checkbox"
            checked={protocols[protocol]}
            onChange={(event) => {
              setProtocols((before) => ({ ...before, [protocol]: event.target.checked }));
            }}
          />
          {t(`protocol.${protocol}`)}
        </label>
      ))}
      {isRunning ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            stop.mutate();
          }}
        >
          {t('discovery.stop')}
        </button>
      ) : (
        <button type="submit" className="button button--strong" disabled={start.isPending}>
          {t('discovery.start')}
        </button>
      )}
      <Failed error={start.error ?? stop.error} />
    </form>
  );
}

function Run({ run }: { run: DiscoveryRun }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {run.endedAt === null ? (
        <progress value={run.done} max={Math.max(1, run.of)} aria-label={t('discovery.progress')} />
      ) : null}
      <p>
        {t('discovery.run', {
          at: format.moment(Date.parse(run.startedAt)),
          by: run.by,
          hosts: run.hosts,
          answered: run.answered,
          skipped: run.skipped,
        })}
      </p>
      {run.problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
    </>
  );
}

function Finding({ finding }: { finding: DiscoveryFinding }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [copied, setCopied] = useState(false);
  const { site, protocol, address, summary, entry } = finding;
  const dismiss = useMutation({
    mutationFn: () =>
      api.send('POST', 'discovery/dismiss', { body: { site, protocol, address }, schema: z.undefined() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  const copy = async (): Promise<void> => {
    setCopied(await copyText(`${entry}\n`));
  };
  return (
    <li>
      <strong>
        {site} · {t(`protocol.${protocol}`)} · {address}
      </strong>{' '}
      {summary}
      <pre>{entry}</pre>
      <button
        type="button"
        className="button"
        onClick={() => {
          void copy();
        }}
      >
        {t(copied ? 'discovery.copied' : 'discovery.copy', { site })}
      </button>{' '}
      <button
        type="button"
        className="button button--plain"
        onClick={() => {
          dismiss.mutate();
        }}
      >
        {t('discovery.dismiss')}
      </button>
      <Failed error={dismiss.error} />
    </li>
  );
}
