import { formats } from '../../../domain/format/format.ts';
import type { Language } from '../../../domain/format/words.ts';
import type { BreachView } from '../../contracts/breach.ts';
import { facts, heading, paragraph } from '../../reports/pdf/blocks.ts';
import { tableOrNone } from '../../reports/pdf/table.ts';
import { accessSheet, type Printing } from '../sheet.ts';

const texts = {
  id: {
    title: 'Paket pelanggaran data pribadi',
    incident: 'Gangguan', clause: 'Dasar', period: 'Periode', known: 'Diketahui', due: 'Batas pemberitahuan', sent: 'Dikirim',
    left: (time: string) => `sisa ${time}`, over: (time: string) => `lewat ${time}`,
    counts: 'Ringkasan', lookups: 'Pembukaan identitas', users: 'Pembuka', subjects: 'Orang yang datanya dibuka', identities: 'di antaranya nomor identitas',
    held: 'Data yang tersimpan dari periode ini', heldLine: 'Semuanya terancam bila basis data atau cadangannya sendiri diambil.',
    tickets: 'Tiket', persons: 'Orang pada tiket', cardEvents: 'Kejadian pintu dengan kartu', namedEvents: 'Kejadian pintu dengan nama',
    signIns: 'Masuk ke sistem', signInsText: (done: string, refused: string) => `${done} berhasil, ${refused} ditolak`,
    who: 'Siapa yang membuka', whose: 'Data siapa', name: 'Nama', identity: 'Identitas', role: 'Sebagai', unit: 'Unit', fields: 'Data', times: 'Kali', last: 'Terakhir',
    commands: 'Perintah atas data pribadi', at: 'Waktu (WIB)', from: 'Dari', what: 'Perintah', none: 'Tidak ada.', first: 'Pertama',
    cut: 'Tidak semua pembukaan tercantum; persempit periodenya.',
    roles: { employee: 'pegawai', 'third-party': 'pihak ketiga', pic: 'PIC', superior: 'atasan' },
    fieldNames: { name: 'nama', identity: 'nomor identitas', email: 'surel' },
  },
  en: {
    title: 'Personal data breach package',
    incident: 'Incident', clause: 'Basis', period: 'Period', known: 'Became known', due: 'Notice due', sent: 'Sent',
    left: (time: string) => `${time} left`, over: (time: string) => `${time} late`,
    counts: 'Summary', lookups: 'Look-ups of identities', users: 'People who looked', subjects: 'People whose data was seen', identities: 'of whom with identity number',
    held: 'Held of this period', heldLine: 'All of it is at stake when the database itself, or a backup of it, was taken.',
    tickets: 'Tickets', persons: 'Persons on tickets', cardEvents: 'Door events with a card', namedEvents: 'Door events with a name',
    signIns: 'Sign-ins', signInsText: (done: string, refused: string) => `${done} done, ${refused} refused`,
    who: 'Who looked', whose: 'Whose data', name: 'Name', identity: 'Identity', role: 'As', unit: 'Unit', fields: 'Data', times: 'Times', last: 'Last',
    commands: 'Commands on personal data', at: 'Time (WIB)', from: 'From', what: 'Command', none: 'None.', first: 'First',
    cut: 'Not all look-ups are listed; narrow the period.',
    roles: { employee: 'employee', 'third-party': 'third party', pic: 'PIC', superior: 'superior' },
    fieldNames: { name: 'name', identity: 'identity number', email: 'e-mail' },
  },
} as const; // prettier-ignore

/** The package on paper: what a notice by pasal 46 is written from, with the law's time at its head. Identities are masked. */
export function breachPdf(view: BreachView, printing: Printing): Promise<Uint8Array> {
  const { language, now } = printing;
  const text = texts[language];
  const format = formats[language];
  const moment = (at: string): string => `${format.moment(Date.parse(at))} WIB`;
  const number = (value: number): string => format.number(value, 0);
  const sheet = accessSheet(text.title, view.incident, printing);
  heading(sheet, 1, text.title);
  facts(sheet, [
    [text.incident, view.incident],
    [text.clause, view.clause],
    [text.period, `${moment(view.from)} – ${moment(view.to)}`],
    [text.known, moment(view.knownAt)],
    [text.due, `${moment(view.dueAt)}${view.sentAt === null ? ` (${clockText(view, now, language)})` : ''}`],
    ...(view.sentAt === null ? [] : [[text.sent, moment(view.sentAt)] as const]),
  ]);
  if (view.isCut) paragraph(sheet, text.cut, { color: 'bad', bold: true });
  heading(sheet, 2, text.counts);
  const { counts, held, signIns } = view;
  facts(sheet, [
    [text.lookups, number(counts.lookups)],
    [text.users, number(counts.users)],
    [text.subjects, number(counts.subjects)],
    [text.identities, number(counts.identities)],
    [text.signIns, text.signInsText(number(signIns.done), number(signIns.refused))],
  ]);
  heading(sheet, 2, text.held);
  paragraph(sheet, text.heldLine);
  facts(sheet, [
    [text.tickets, number(held.tickets)],
    [text.persons, number(held.persons)],
    [text.cardEvents, number(held.cardEvents)],
    [text.namedEvents, number(held.namedEvents)],
  ]);
  heading(sheet, 2, text.who);
  tableOrNone(sheet, {
    none: text.none,
    columns: [{ title: text.name, share: 4 }, { title: text.lookups, share: 3, align: 'right' }, { title: text.tickets, share: 2, align: 'right' }, { title: text.first, share: 3 }, { title: text.last, share: 3 }],
    rows: view.users.map(({ user, lookups, tickets, firstAt, lastAt }) => [user, number(lookups), number(tickets), format.moment(Date.parse(firstAt)), format.moment(Date.parse(lastAt))]),
  });
  heading(sheet, 2, text.whose);
  tableOrNone(sheet, {
    none: text.none,
    columns: [{ title: text.name, share: 4 }, { title: text.identity, share: 2.4 }, { title: text.role, share: 2.2 }, { title: text.unit, share: 3 }, { title: text.fields, share: 3.4 }, { title: text.times, share: 1.2, align: 'right' }, { title: text.last, share: 2.4 }],
    rows: view.subjects.map((subject) => [
        subject.email === null || subject.email === subject.name ? subject.name : `${subject.name}\n${subject.email}`,
        subject.identity ?? '–',
        text.roles[subject.role],
        subject.unit,
        subject.fields.map((field) => fieldName(field, language)).join(', '),
        number(subject.lookups),
        format.moment(Date.parse(subject.lastAt)),
      ]),
  });
  heading(sheet, 2, text.commands);
  tableOrNone(sheet, {
    none: text.none,
    columns: [{ title: text.at, share: 2.4 }, { title: text.name, share: 3 }, { title: text.from, share: 3 }, { title: text.what, share: 4 }],
    rows: view.commands.map(({ at, actor, address, what, status }) => [format.moment(Date.parse(at)), actor, address, `${what} (${status})`]),
  });
  return sheet.finish();
} // prettier-ignore

/** What is left of the law's time, or by how much it is over. */
function clockText({ dueAt }: BreachView, now: number, language: Language): string {
  const left = Date.parse(dueAt) - now;
  const time = formats[language].duration(Math.abs(left));
  return left < 0 ? texts[language].over(time) : texts[language].left(time);
}

function fieldName(field: string, language: Language): string {
  const names: Readonly<Record<string, string>> = texts[language].fieldNames;
  return names[field] ?? field;
}
