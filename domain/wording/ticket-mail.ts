import type { Label } from '../../config/schema/common.ts';
import type { TicketEventAction, TicketView } from '../../server/contracts/tickets.ts';
import { formats } from '../format/format.ts';
import type { Language } from '../format/words.ts';
import { escaped } from './mail.ts';

/** What a mail about a ticket says of it. */
export interface ToldTicket {
  readonly id: string;
  readonly service: string;
  readonly siteName: string;
  /** Empty: the whole site. */
  readonly rooms: readonly Label[];
  readonly unit: string;
  readonly pic: string;
  readonly accompanied: boolean;
  readonly persons: TicketView['persons'];
  readonly activity: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly escort: string | null;
}

/** What was done with it, oldest first. */
export interface ToldStep {
  readonly action: TicketEventAction;
  /** Epoch ms. */
  readonly at: number;
  readonly note: string | null;
}

export interface TicketMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly brief: string;
}

/** Of an activity in a subject. */
const subjectLength = 60;
/** A shorter number may be part of anything else. */
const shortestIdentity = 6;

const words = {
  id: {
    ticket: 'Tiket akses', simulated: 'SIMULASI', number: 'Nomor tiket', service: 'Layanan', place: 'Tempat', whole: 'seluruh situs', window: 'Waktu', unit: 'Unit pengguna', activity: 'Kegiatan', pic: 'Penanggung jawab (PIC)',
    accompanied: 'PIC mendampingi', yes: 'ya', no: 'tidak', persons: 'Yang masuk', escort: 'Petugas teknis pendamping', note: 'Keterangan', open: 'Lihat tiket', 'third-party': 'pihak ketiga', employee: 'pegawai',
    hidden: '(nomor identitas tidak dikirim)',
    steps: {
      submit: ['diajukan', 'Permintaan akses fisik ini telah diterima dan menunggu persetujuan. Permintaan dilayani menurut urutan kedatangan, paling lama 6 jam kerja.'],
      update: ['diubah', 'Keterangan permintaan ini diubah oleh sistem tiket asalnya.'],
      approve: ['disetujui', 'Permintaan akses fisik ini disetujui.'],
      reject: ['ditolak', 'Permintaan akses fisik ini ditolak.'],
      schedule: ['terjadwal', 'Petugas teknis pendamping telah ditunjuk.'],
      'check-in': ['kedatangan dicatat', 'Kedatangan telah dicatat; kegiatan berlangsung.'],
      fulfil: ['selesai', 'Kegiatan telah selesai. Tiket ditutup satu hari kerja setelahnya dan dapat dibuka kembali dalam 7 hari kalender.'],
      close: ['ditutup', 'Tiket ditutup.'],
      reopen: ['dibuka kembali', 'Tiket dibuka kembali dengan waktu yang baru.'],
      cancel: ['dibatalkan', 'Kegiatan ini dibatalkan.'],
      erase: ['data pribadi dihapus', 'Data pribadi seseorang pada tiket ini dihapus.'],
    },
  },
  en: {
    ticket: 'Access ticket', simulated: 'SIMULATED', number: 'Ticket number', service: 'Service', place: 'Place', whole: 'whole site', window: 'Time', unit: 'Requesting unit', activity: 'Activity', pic: 'Person in charge (PIC)',
    accompanied: 'Accompanied by the PIC', yes: 'yes', no: 'no', persons: 'Persons', escort: 'Technical escort officer', note: 'Note', open: 'View the ticket', 'third-party': 'third party', employee: 'employee',
    hidden: '(identity numbers are not sent)',
    steps: {
      submit: ['submitted', 'This request for physical access was received and waits for approval. Requests are served in the order in which they come, within 6 working hours.'],
      update: ['changed', 'The particulars of this request were changed by the ticketing system that it came from.'],
      approve: ['approved', 'This request for physical access was approved.'],
      reject: ['rejected', 'This request for physical access was rejected.'],
      schedule: ['scheduled', 'The technical escort officer has been named.'],
      'check-in': ['checked in', 'The persons have arrived; the activity is under way.'],
      fulfil: ['done', 'The activity is over. The ticket is closed one working day later and can be reopened within 7 calendar days.'],
      close: ['closed', 'The ticket was closed.'],
      reopen: ['reopened', 'The ticket was reopened for another time.'],
      cancel: ['cancelled', 'This activity was cancelled.'],
      erase: ['personal data erased', 'Personal data of a person on this ticket was erased.'],
    },
  },
} as const; // prettier-ignore

/**
 * One mail about one or several steps of a ticket, Indonesian first, English below: nobody knows the language of an outside address. The
 * numbers of the persons' documents are in no part of it, also where somebody typed one into a note.
 */
export function ticketMail(
  ticket: ToldTicket,
  steps: readonly ToldStep[],
  { link, isSimulated }: { readonly link: string; readonly isSimulated: boolean },
): TicketMail {
  const latest = steps.at(-1);
  if (latest === undefined) throw new RangeError('a mail about nothing');
  const clean = (text: string): string => withoutIdentities(text, ticket.persons);
  const activity = clean(ticket.activity).replaceAll(/\s+/g, ' ');
  const short = activity.length > subjectLength ? `${activity.slice(0, subjectLength - 1).trimEnd()}…` : activity;
  const [state] = words.id.steps[latest.action];
  const mark = isSimulated ? `[${words.id.simulated}] ` : '';
  const parts = (['id', 'en'] as const).map((language) => partOf(ticket, steps, { language, clean }));
  const text = parts.map(({ said, facts }) =>
    [...said, '', ...facts.map(([name, value]) => `${name}: ${value}`)].join('\n'),
  );
  const html = parts.map(({ said, facts, open }) => `${said.map((line) => `<p style="font-size:17px">${escaped(line)}</p>`).join('')}<table style="border-collapse:collapse;font-size:15px">${facts.map(([name, value]) => `<tr><td style="padding:4px 16px 4px 0;vertical-align:top;color:#555555">${escaped(name)}</td><td style="padding:4px 0">${escaped(value)}</td></tr>`).join('')}</table><p><a href="${escaped(link)}" style="font-size:16px;color:#0b57d0">${escaped(open)}</a></p>`);
  const subject = `${mark}${words.id.ticket} ${ticket.service} ${ticket.siteName} ${state}: ${short}`;
  return {
    subject,
    brief: parts[0]?.said.join('\n') ?? '',
    text: [
      ...(isSimulated ? [`${words.id.simulated} / ${words.en.simulated}`] : []),
      ...text,
      `${words.id.open} / ${words.en.open}: ${link}`,
    ].join('\n\n'),
    html: `<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(subject)}</title></head><body style="margin:0;background:#ffffff"><div style="max-width:36em;margin:0 auto;padding:16px;font-family:Arial,Helvetica,sans-serif;line-height:1.45;color:#111111">${isSimulated ? `<p><b>${words.id.simulated} / ${words.en.simulated}</b></p>` : ''}${html.join('<hr>')}<p style="font-size:13px;color:#555555">Pantau DC</p></div></body></html>`,
  };
} // prettier-ignore

function partOf(
  ticket: ToldTicket,
  steps: readonly ToldStep[],
  { language, clean }: { readonly language: Language; readonly clean: (text: string) => string },
) {
  const word = words[language];
  const format = formats[language];
  const said = steps.flatMap(({ action, note }) => [
    word.steps[action][1],
    ...(note === null ? [] : [`${word.note}: ${clean(note)}`]),
  ]);
  const rooms = ticket.rooms.map((room) => room[language]).join(', ');
  const facts: (readonly [string, string])[] = [
    [word.number, ticket.id],
    [word.service, ticket.service],
    [word.place, `${ticket.siteName}, ${rooms === '' ? word.whole : rooms}`],
    [word.window, `${format.moment(ticket.from)} – ${format.moment(ticket.to)} WIB`],
    [word.activity, clean(ticket.activity)],
    [word.unit, clean(ticket.unit)],
    [word.pic, clean(ticket.pic)],
    [word.accompanied, ticket.accompanied ? word.yes : word.no],
    [
      word.persons,
      `${ticket.persons.map(({ name, party }) => `${clean(name)} (${word[party]})`).join(', ')} ${word.hidden}`,
    ],
    ...(ticket.escort === null ? [] : [[word.escort, clean(ticket.escort)] as const]),
  ];
  return { said, facts, open: word.open };
}

/** The activity, a note or a name may hold a number that somebody typed there. */
function withoutIdentities(text: string, persons: ToldTicket['persons']): string {
  return persons
    .map(({ identity }) => identity.trim())
    .filter((identity) => identity.length >= shortestIdentity)
    .reduce((sum, identity) => sum.replaceAll(identity, '•••'), text);
}
