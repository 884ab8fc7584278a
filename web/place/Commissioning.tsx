import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  commissioningReading,
  commissioningVerdict,
  commissioningView,
  type CommissioningEntry,
  type CommissioningReading,
  type CommissioningView,
  type ReadValue,
} from '../../server/contracts/commissioning.ts';
import { partName } from '../../config/schema/part-names.ts';
import type { DeviceView } from '../../server/contracts/sites.ts';
import { correction } from '../../domain/commissioning.ts';
import { unitText } from '../../domain/format/format.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import {
  type Choice,
  type Choices,
  commissioningPath,
  commissioningQuery,
  openValues,
  restUnseen,
} from './commissioning.ts';
import './commissioning.css';

/** Whether the values of a device were compared with its own display, and the comparison itself. */
export function Commissioning({ device }: { device: DeviceView }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const mayRead = useMay('viewer');
  const answer = useQuery({ ...commissioningQuery(api, device.site, device.id), enabled: mayRead });
  if (!mayRead) return null;
  return (
    <section className="panel commissioning" aria-labelledby="commissioning" data-testid="commissioning">
      <h2 id="commissioning">{t('commissioning.title')}</h2>
      <Failed error={answer.error} />
      {answer.data === undefined ? null : <Found view={answer.data} device={device} />}
    </section>
  );
}

function Found({ view, device }: { view: CommissioningView; device: DeviceView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const mayCompare = useMay('operator');
  const [last] = view.history;
  return (
    <>
      <p className={view.state === 'valid' ? undefined : 'commissioning-open'} data-state={view.state}>
        {t(
          view.changed === null ? `commissioning.state.${view.state}` : `commissioning.void.${view.changed}`,
        )}
      </p>
      <p className="note">{t('commissioning.reached', { address: view.address, profile: view.profile })}</p>
      {mayCompare && device.points.length > 0 ? <Compare device={device} /> : null}
      {view.readBy === 'server' ? null : <p className="note">{t('commissioning.elsewhere')}</p>}
      {last === undefined ? null : (
        <details>
          <summary>
            {t('commissioning.last', { at: format.moment(Date.parse(last.at)), actor: last.actor })}
          </summary>
          {last.note === null ? null : (
            <p>
              <Name>{last.note}</Name>
            </p>
          )}
          <Values
            values={view.entries}
            verdicts={
              new Map(view.entries.map((entry) => [entry.point, <Verdict key={entry.point} entry={entry} />]))
            }
          />
        </details>
      )}
      {view.history.length < 2 ? null : (
        <details>
          <summary>{t('commissioning.earlier', { count: view.history.length - 1 })}</summary>
          <ul>
            {view.history.slice(1).map((each) => (
              <li key={each.id}>
                {format.moment(Date.parse(each.at))}, <Name>{each.actor}</Name>:{' '}
                {t('commissioning.counts', {
                  confirmed: each.confirmed,
                  differs: each.differs,
                  unseen: each.unseen,
                })}
                {each.note === null ? '' : ` · ${each.note}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What the device shows was right when it was compared; where it was not, what it showed. */
function Verdict({ entry }: { entry: CommissioningEntry }): ReactNode {
  const { t } = useTranslation();
  const shown = entry.shown === null || entry.shown === '' ? '' : `: ${entry.shown}`;
  return `${t(`commissioning.verdict.${entry.verdict}`)}${shown}`;
}

function Compare({ device }: { device: DeviceView }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const read = useMutation({
    mutationFn: () =>
      api.send('POST', `${commissioningPath(device.site, device.id)}/readings`, {
        schema: commissioningReading,
      }),
  });
  return (
    <>
      <p>
        <button
          type="button"
          className="button"
          disabled={read.isPending}
          onClick={() => {
            read.mutate();
          }}
        >
          {t(read.isPending ? 'commissioning.reading' : 'commissioning.read')}
        </button>
      </p>
      <Failed error={read.error} />
      {read.data === undefined ? null : (
        <Form key={read.data.reading} device={device} reading={read.data} onKept={read.reset} />
      )}
    </>
  );
}

interface FormProps {
  readonly device: DeviceView;
  readonly reading: CommissioningReading;
  readonly onKept: () => void;
}

function Form({ device, reading, onKept }: FormProps): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [choices, setChoices] = useState<Choices>({});
  const [note, setNote] = useState('');
  const open = openValues(reading.values, choices);
  const keep = useMutation({
    mutationFn: () =>
      api.send('POST', commissioningPath(device.site, device.id), {
        body: {
          reading: reading.reading,
          verdicts: Object.entries(choices).map(([point, { verdict, shown }]) => ({ point, verdict, shown })),
          note,
        },
        schema: commissioningView,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['commissioning'] });
      onKept();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate();
      }}
    >
      <p className="note">{t('commissioning.how')}</p>
      <Values
        values={reading.values}
        verdicts={
          new Map(
            reading.values.map((value) => [
              value.point,
              <Chooser
                key={value.point}
                value={value}
                choice={choices[value.point]}
                onChoose={(choice) => {
                  setChoices((before) => ({ ...before, [value.point]: choice }));
                }}
              />,
            ]),
          )
        }
      />
      <label className="field">
        {t('commissioning.note')}
        <input
          className="input"
          maxLength={1_000}
          value={note}
          onChange={(event) => {
            setNote(event.target.value);
          }}
        />
      </label>
      <p>
        <button type="submit" className="button button--strong" disabled={open > 0 || keep.isPending}>
          {t('commissioning.keep')}
        </button>{' '}
        {open === 0 ? null : (
          <>
            <button
              type="button"
              className="button"
              onClick={() => {
                setChoices((before) => restUnseen(reading.values, before));
              }}
            >
              {t('commissioning.rest')}
            </button>{' '}
            <span className="note">{t('commissioning.open', { count: open })}</span>
          </>
        )}
      </p>
      <Failed error={keep.error} />
    </form>
  );
}

interface ChooserProps {
  readonly value: ReadValue;
  readonly choice: Choice | undefined;
  readonly onChoose: (choice: Choice) => void;
}

function Chooser({ value, choice, onChoose }: ChooserProps): ReactNode {
  const { t } = useTranslation();
  const name = useNameOf()(value);
  if (value.value === null) return t('commissioning.noValue');
  const shown = choice?.shown ?? '';
  const fix = choice?.verdict === 'differs' ? correction(value, shown) : undefined;
  return (
    <>
      <select
        className="input"
        aria-label={t('commissioning.verdictOf', { name })}
        value={choice?.verdict ?? ''}
        onChange={(event) => {
          onChoose({ verdict: commissioningVerdict.parse(event.target.value), shown });
        }}
      >
        <option value="" disabled>
          {t('commissioning.choose')}
        </option>
        {commissioningVerdict.options.map((verdict) => (
          <option key={verdict} value={verdict}>
            {t(`commissioning.verdict.${verdict}`)}
          </option>
        ))}
      </select>
      {choice?.verdict === 'differs' ? (
        <input
          className="input"
          aria-label={t('commissioning.shownOf', { name })}
          placeholder={t('commissioning.shown')}
          maxLength={100}
          value={shown}
          onChange={(event) => {
            onChoose({ verdict: 'differs', shown: event.target.value });
          }}
        />
      ) : null}
      {fix === undefined ? null : (
        <small>
          {t('commissioning.fix')} <code>{fix}</code>
        </small>
      )}
    </>
  );
}

function useNameOf(): (value: Pick<ReadValue, 'part' | 'quantity'>) => string {
  const { t } = useTranslation();
  const label = useLabel();
  return ({ part, quantity }) =>
    `${t([`quantity.${quantity}`, quantity])}${part === null ? '' : ` ${label(partName(part))}`}`;
}

interface ValuesProps {
  readonly values: readonly ReadValue[];
  /** By point. */
  readonly verdicts: ReadonlyMap<string, ReactNode>;
}

/** Every value beside what the device sent, and from where. */
function Values({ values, verdicts }: ValuesProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNameOf();
  const textOf = ({ value, state, unit, reason }: ReadValue): string => {
    if (value === null) return reason === null ? '–' : t([`quality.${reason}`, reason]);
    return state === null
      ? `${format.number(value, Number.isInteger(value) ? 0 : 2)} ${unitText(unit)}`
      : t([`state.${state}`, state]);
  };
  return (
    <TableFrame label={t('commissioning.title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('commissioning.quantity')}</th>
            <th scope="col">{t('commissioning.value')}</th>
            <th scope="col">{t('commissioning.raw')}</th>
            <th scope="col">{t('commissioning.source')}</th>
            <th scope="col">{t('commissioning.display')}</th>
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <tr key={value.point}>
              <th scope="row">{nameOf(value)}</th>
              <td data-label={t('commissioning.value')}>{textOf(value)}</td>
              <td className="commissioning-raw" data-label={t('commissioning.raw')}>
                {value.raw ?? '–'}
              </td>
              <td className="commissioning-raw" data-label={t('commissioning.source')}>
                {value.source}
              </td>
              <td className="commissioning-verdict" data-label={t('commissioning.display')}>
                {verdicts.get(value.point)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
