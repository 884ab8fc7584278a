import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { Name } from './Name.tsx';
import './crumbs.css';

interface Crumb {
  readonly to: string;
  readonly text: string;
}

interface CrumbsProps {
  readonly site: SiteView;
  /** Id of a room of the site, of what is inside it. */
  readonly room?: string;
  /** Of what is in the rack. */
  readonly rack?: string | null;
}

/** Where in a site the page is: the site, the room, the rack. The page itself is its heading. */
export function Crumbs({ site, room, rack }: CrumbsProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const inRoom = site.rooms.find(({ id }) => id === room);
  const inRack = site.racks.find(({ id }) => id === rack);
  const crumbs: Crumb[] = [
    { to: `/situs/${site.id}`, text: site.name },
    ...(inRoom === undefined ? [] : [{ to: `/ruang/${site.id}/${inRoom.id}`, text: label(inRoom.name) }]),
    ...(inRack === undefined ? [] : [{ to: `/rak/${site.id}/${inRack.id}`, text: inRack.label }]),
  ];
  return (
    <nav className="crumbs" aria-label={t('room.crumbs')}>
      {crumbs.map(({ to, text }, place) => (
        <Fragment key={to}>
          {place === 0 ? null : <span aria-hidden="true"> › </span>}
          <Link to={to}>
            <Name>{text}</Name>
          </Link>
        </Fragment>
      ))}
    </nav>
  );
}
