import type { Role } from '../../server/contracts/common.ts';

const pageGroups = ['watch', 'incidents', 'people', 'evidence', 'system'] as const;
type PageGroup = (typeof pageGroups)[number];

/** A page of the menu. Its name is the text `page.<text>`. */
interface PageEntry {
  readonly to: string;
  readonly text: string;
  readonly group: PageGroup;
  /** Shown only to those who may read it; absent: to everyone who is signed in. */
  readonly role?: Role;
  /** Current only at exactly this path. */
  readonly end?: true;
  /** Only while the field is simulated. */
  readonly simulated?: true;
}

/** The pages in the order of the menu. The wall and the sites come before them. */
const pages: readonly PageEntry[] = [
  { to: '/tren', text: 'trends', group: 'watch' },
  { to: '/putar-ulang', text: 'replay', group: 'watch' },
  { to: '/kapasitas', text: 'capacity', group: 'watch', role: 'viewer' },
  { to: '/perangkat', text: 'devices', group: 'watch', role: 'viewer' },
  { to: '/gangguan', text: 'incidents', group: 'incidents' },
  { to: '/alarm', text: 'alarms', group: 'incidents', end: true },
  { to: '/alarm/kinerja', text: 'alarmFigures', group: 'incidents', role: 'viewer' },
  { to: '/akses', text: 'access', group: 'people', role: 'viewer' },
  { to: '/kehadiran', text: 'presence', group: 'people', role: 'viewer' },
  { to: '/piket', text: 'roster', group: 'people' },
  { to: '/serah-terima', text: 'handover', group: 'people', role: 'viewer' },
  { to: '/uji-beban', text: 'loadTests', group: 'evidence', role: 'viewer' },
  { to: '/pengguna', text: 'users', group: 'system', role: 'manager' },
  { to: '/mulai', text: 'start', group: 'system', role: 'viewer' },
  { to: '/kepatuhan', text: 'compliance', group: 'evidence', role: 'viewer', end: true },
  { to: '/kepatuhan/laporan', text: 'monthlyReports', group: 'evidence', role: 'viewer' },
  { to: '/audit', text: 'audit', group: 'evidence', role: 'manager' },
  { to: '/istilah', text: 'glossary', group: 'system' },
  { to: '/latihan', text: 'drills', group: 'system', role: 'operator', simulated: true },
];

export interface MenuGroup {
  readonly group: PageGroup;
  readonly pages: readonly PageEntry[];
}

/** What a user's menu offers: no page that the role would be refused, no group without a page. */
export function menuFor(may: (role: Role) => boolean, simulated: boolean): MenuGroup[] {
  return pageGroups
    .map((group) => ({
      group,
      pages: pages.filter(
        (page) =>
          page.group === group &&
          (page.role === undefined || may(page.role)) &&
          (page.simulated === undefined || simulated),
      ),
    }))
    .filter((group) => group.pages.length > 0);
}
