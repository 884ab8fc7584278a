import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ticketDetails, type TicketView } from '../../server/contracts/tickets.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { ApprovalCheck } from './ApprovalCheck.tsx';
import { Refused } from './Refused.tsx';
import { Name } from '../parts/Name.tsx';

/** Requests that wait, first come first served. With a request in focus, S approves it and T asks for the reason of a refusal. */
export function ApprovalQueue({ tickets }: { tickets: readonly TicketView[] }): ReactNode {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [escort, setEscort] = useState('');
  const mayApprove = tickets.some(({ actions }) => actions.includes('approve'));
  function move(step: number): void {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('li[tabindex]') ?? [])];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  }
  return (
    <section className="panel">
      {tickets.length === 0 ? <p className="note">{t('accessQueue.none')}</p> : null}
      {mayApprove ? (
        <>
          <p className="note">{t('accessQueue.keys')}</p>
          <label className="field access-escort">
            {t('accessQueue.escort')}
            <input className="input" maxLength={200} value={escort} onChange={(event) => { setEscort(event.target.value); }} />
          </label>
        </>
      ) : null}
      <ol className="queue" ref={list}>
        {tickets.map((ticket) => <QueueRow key={ticket.id} ticket={ticket} escort={escort} move={move} />)}
      </ol>
    </section>
  ); // prettier-ignore
}

interface RowProps {
  readonly ticket: TicketView;
  readonly escort: string;
  readonly move: (step: number) => void;
}

/** The field appears because somebody asked for it. */
function focus(field: HTMLInputElement | null): void {
  field?.focus();
}

const reasons = ['incomplete', 'noPic', 'clash', 'tooShort', 'otherRooms'] as const;

function QueueRow({ ticket, escort, move }: RowProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const site = useSites().data?.find(({ id }) => id === ticket.site);
  const [isRefusing, setRefusing] = useState(false);
  const [note, setNote] = useState('');
  const act = useMutation({
    mutationFn: (action: 'approve' | 'reject') =>
      api.send('POST', `tickets/${encodeURIComponent(ticket.id)}/${action}`, {
        body: action === 'reject' ? { note } : escort.trim() === '' ? {} : { escort },
        schema: ticketDetails,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tickets'] }),
  });
  const mayApprove = ticket.actions.includes('approve');
  const mayReject = ticket.actions.includes('reject');
  function press(event: KeyboardEvent<HTMLLIElement>): void {
    // Letters that are typed into a field are no commands.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 's' && mayApprove && !act.isPending) act.mutate('approve');
    else if (key === 't' && mayReject) setRefusing(true);
    else if (key === 'arrowdown' || key === 'j') move(1);
    else if (key === 'arrowup' || key === 'k') move(-1);
    else return;
    event.preventDefault();
  }
  const { usedMs, normMs } = ticket.answer;
  const day = ticket.dayOff === null ? '' : ` · ${t(`accessDay.${ticket.dayOff}`)}`;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- the keys are shortcuts; every one has a button
    <li tabIndex={0} onKeyDown={press}>
      <b className="queue-place">{ticket.place ?? '–'}</b>
      <div className="queue-what">
        <Link to={`/akses/${ticket.id}`}><Name>{ticket.activity}</Name></Link>
        <small>{ticket.service} <Name>{site?.name ?? ticket.site}</Name> · <Name>{ticket.unit}</Name> · <Name>{ticket.pic}</Name> · {ticket.persons.length}×</small>
        <small>{format.moment(Date.parse(ticket.from))} – {format.moment(Date.parse(ticket.to))}{day}</small>
        <small className={usedMs > normMs ? 'queue-late' : undefined}>{t('accessQueue.norm', { used: format.duration(usedMs), norm: format.duration(normMs) })}</small>
      </div>
      {mayApprove ? <div className="queue-check"><ApprovalCheck ticket={ticket.id} /></div> : null}
      <div className="queue-actions">
        {mayApprove ? <button type="button" className="button button--strong" disabled={act.isPending} aria-keyshortcuts="s" onClick={() => { act.mutate('approve'); }}>{t('ticketAction.approve')} <kbd>S</kbd></button> : null}
        {mayReject ? <button type="button" className="button" aria-keyshortcuts="t" aria-expanded={isRefusing} onClick={() => { setRefusing(!isRefusing); }}>{t('ticketAction.reject')} <kbd>T</kbd></button> : null}
      </div>
      {isRefusing ? (
        <form className="ticket-action queue-refusal" onSubmit={(event) => { event.preventDefault(); act.mutate('reject'); }}>
          <label className="field">
            {t('ticket.reason')}
            <input className="input" required maxLength={500} ref={focus} list={`reasons-${ticket.id}`} value={note} onChange={(event) => { setNote(event.target.value); }} />
            <datalist id={`reasons-${ticket.id}`}>{reasons.map((reason) => <option key={reason}>{t(`accessReason.${reason}`)}</option>)}</datalist>
          </label>
          <button className="button" disabled={act.isPending}>{t('ticketAction.reject')}</button>
        </form>
      ) : null}
      <Refused error={act.error} />
    </li>
  ); // prettier-ignore
}
