import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { ticketListQuery } from '../access/queries.ts';
import { useApi, useHealth, useOpenIncidents, useSites } from '../api/queries.ts';
import { menuFor } from '../app/pages.ts';
import { useHolds } from '../app/session.tsx';
import { useLabel } from '../format/FormatContext.tsx';
import { usePointName, useSearchedNames } from '../trends/names.ts';
import { searchQuery } from '../trends/queries.ts';
import { searchText } from '../trends/search.ts';
import { found, placesOf, type Entry } from './entries.ts';
import { Name } from '../parts/Name.tsx';
import './palette.css';

/** Of each kind; what is not among them needs another word. */
const most = 6;

/** The open search. What is chosen closes it and is gone to; a point opens its history beside the page. */
export function Finder({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const location = useLocation();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const entries = useEntries();
  const names = useSearchedNames();
  const nameOf = usePointName();
  const points = useQuery({ ...searchQuery(useApi(), searchText(asked, names)), enabled: asked.length > 1 });
  const groups = groupsOf(entries, asked);
  const go = (to: string): void => {
    onClose();
    void navigate(to);
  };
  const openPoint = (id: string): void => {
    const search = new URLSearchParams(location.search);
    search.set('titik', id);
    go(`${location.pathname}?${search.toString()}`);
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      label={t('palette.open')}
      shouldFilter={false}
      overlayClassName="palette-shade"
      contentClassName="palette"
    >
      <Command.Input
        className="input"
        value={typed}
        onValueChange={setTyped}
        placeholder={t('palette.hint')}
        maxLength={200}
        aria-label={t('palette.open')}
      />
      <Command.List className="palette-list">
        {asked === '' ? null : <Command.Empty className="note">{t('palette.nothing')}</Command.Empty>}
        {groups.map(({ group, items }) => (
          <Command.Group key={group} heading={t(`palette.${group}`)}>
            {items.map((entry) => (
              <Command.Item
                key={entry.key}
                value={`${group} ${entry.key}`}
                onSelect={() => {
                  go(entry.to);
                }}
              >
                <Name>{entry.text}</Name>{' '}
                <small>
                  <Name>{entry.note}</Name>
                </small>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        {asked.length > 1 && (points.data?.items.length ?? 0) > 0 ? (
          <Command.Group heading={t('palette.point')}>
            {points.data?.items.slice(0, most).map((point) => (
              <Command.Item
                key={point.id}
                value={`point ${point.id}`}
                onSelect={() => {
                  openPoint(point.id);
                }}
              >
                {nameOf(point)} <small>{point.id}</small>
              </Command.Item>
            ))}
          </Command.Group>
        ) : null}
      </Command.List>
    </Command.Dialog>
  );
}

const order = ['page', 'incident', 'site', 'rack', 'device', 'room', 'ticket'] as const;

function groupsOf(entries: readonly Entry[], typed: string): { group: Entry['group']; items: Entry[] }[] {
  return order
    .map((group) => {
      const members = entries.filter((entry) => entry.group === group);
      // Before a letter is typed the pages are offered.
      return { group, items: typed === '' ? (group === 'page' ? members : []) : found(members, typed, most) };
    })
    .filter(({ items }) => items.length > 0);
}

function useEntries(): readonly Entry[] {
  const { t } = useTranslation();
  const label = useLabel();
  const holds = useHolds();
  const sites = useSites().data;
  const simulated = useHealth()?.field === 'simulated';
  const incidents = useOpenIncidents();
  const tickets = useQuery({ ...ticketListQuery(useApi(), 'limit=500'), enabled: holds('viewer') }).data
    ?.items;
  const places = useMemo(() => placesOf(sites ?? [], label), [sites, label]);
  const pages = menuFor(holds, simulated).flatMap(({ group, pages: members }) =>
    members.map(({ to, text }): Entry => ({
      group: 'page',
      key: to,
      to,
      text: t(`page.${text}`),
      note: t(`menu.${group}`),
    })),
  );
  return [
    { group: 'page', key: '/', to: '/', text: t('page.wall'), note: '' },
    ...pages,
    ...(incidents ?? []).map((one): Entry => ({ group: 'incident', key: one.id, to: `/gangguan/${one.id}`, text: label(one.title), note: one.priority })),
    ...places,
    ...(tickets ?? []).map((one): Entry => ({ group: 'ticket', key: one.id, to: `/akses/${one.id}`, text: one.activity, note: `${one.id} · ${one.unit} · ${one.pic}` })),
  ]; // prettier-ignore
}
