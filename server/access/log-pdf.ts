import type { Model } from '../../config/model.ts';
import { doorLabel } from '../../domain/wording/door.ts';
import { formats } from '../../domain/format/format.ts';
import { namesOf } from '../../config/names.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { table } from '../reports/pdf/table.ts';
import type { FieldEventTable } from '../db/schema/access.ts';
import { mostPrinted } from './field-events.ts';
import { accessSheet, type Printing } from './sheet.ts';

const texts = {
  id: {
    title: 'Log akses', filters: 'Saringan', all: 'semua', count: 'Kejadian', none: 'Tidak ada kejadian yang cocok.',
    cut: (most: string) => `Hanya ${most} kejadian terbaru yang dicetak; persempit saringan.`,
    at: 'Waktu (WIB)', kind: 'Kejadian', place: 'Tempat', card: 'Kartu', person: 'Orang',
    kinds: { 'access-granted': 'Diizinkan', 'access-denied': 'Ditolak', 'door-opened': 'Pintu dibuka', 'door-closed': 'Pintu ditutup', 'door-forced': 'Pintu dipaksa', 'door-held': 'Pintu tertahan', duress: 'Di bawah paksaan', tamper: 'Perangkat dirusak', 'exit-button': 'Tombol keluar', 'fire-release': 'Dilepas karena kebakaran', 'fire-release-ended': 'Pelepasan kebakaran berakhir', 'events-missed': 'Kejadian hilang', 'controller-restarted': 'Pengendali mulai ulang' },
  },
  en: {
    title: 'Access log', filters: 'Filter', all: 'all', count: 'Events', none: 'No event matches.',
    cut: (most: string) => `Only the newest ${most} events are printed; narrow the filter.`,
    at: 'Time (WIB)', kind: 'Event', place: 'Place', card: 'Card', person: 'Person',
    kinds: { 'access-granted': 'Granted', 'access-denied': 'Denied', 'door-opened': 'Door opened', 'door-closed': 'Door closed', 'door-forced': 'Door forced', 'door-held': 'Door held', duress: 'Under duress', tamper: 'Tampering', 'exit-button': 'Exit button', 'fire-release': 'Released for fire', 'fire-release-ended': 'Fire release ended', 'events-missed': 'Events missed', 'controller-restarted': 'Controller restarted' },
  },
} as const; // prettier-ignore

/** The access log as pages, newest first, with the filter that it was asked by. The caller gives one event more than `mostPrinted` when there are more. */
export function accessLogPdf(
  events: readonly FieldEventTable[],
  { model, filters, ...printing }: Printing & { readonly model: Model; readonly filters: readonly string[] },
): Promise<Uint8Array> {
  const { language } = printing;
  const text = texts[language];
  const format = formats[language];
  const shown = events.slice(0, mostPrinted);
  const names: Readonly<Record<string, string>> = text.kinds;
  const placeNames = namesOf(model);
  const roomName = ({ site, room }: FieldEventTable): string =>
    model.rooms.find(({ key }) => key === `${site}/${room ?? ''}`)?.name[language] ?? room ?? '';
  const deviceName = ({ site, device, part }: FieldEventTable): string =>
    [placeNames.site(site), doorLabel(placeNames.node(`${site}/${device}`), part)[language]].join(', ');
  const sheet = accessSheet(text.title, filters.length === 0 ? text.all : filters.join(', '), printing);
  heading(sheet, 1, text.title);
  facts(sheet, [
    [text.filters, filters.length === 0 ? text.all : filters.join('\n')],
    [text.count, format.number(shown.length, 0)],
  ]);
  if (events.length > mostPrinted) paragraph(sheet, text.cut(format.number(mostPrinted, 0)), { color: 'bad', bold: true });
  if (shown.length === 0) paragraph(sheet, text.none);
  else
    table(
      sheet,
      [{ title: text.at, share: 2.6 }, { title: text.kind, share: 2.6 }, { title: text.place, share: 4.4 }, { title: text.card, share: 2.4 }, { title: text.person, share: 3 }],
      shown.map((event) => [
        `${format.moment(event.at)}.${format.time(event.at).slice(-2)}`,
        names[event.kind] ?? event.kind,
        `${roomName(event)}\n${deviceName(event)}`,
        event.card ?? '–',
        event.person ?? '–',
      ]),
    );
  return sheet.finish();
} // prettier-ignore
