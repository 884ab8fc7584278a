import type { Priority } from '../../../config/schema/common.ts';
import type { DrillInput } from '../../../server/contracts/system.ts';

/**
 * What the wall must say of each drill at the DC, whose services make the impact high (config/sites/dc.yaml): urgency tinggi is P1, sedang
 * P2, rendah P3 (BAB III, table 2). Written from the catalogue, the rules' urgencies and what a control room has to be told, not from
 * what the product printed. `#` stands for a measured number.
 */
export interface Expected {
  readonly name: DrillInput['name'];
  /** Started beside it: what it breaks is seen only while this runs. */
  readonly beside?: DrillInput['name'];
  /** A load test of the site is declared first, and the declaration ended afterwards. */
  readonly isDeclared?: true;
  /** Of the incident on the wall, in both languages. `priority` is the one it has once all that follows has come. */
  readonly says?: { readonly id: string; readonly en: string; readonly priority: Priority };
  /** From the start to that sentence at that priority. */
  readonly withinMinutes: number;
  /** From the end of the drill and its acknowledgement to a wall without incidents. */
  readonly backMinutes: number;
}

const says = (priority: Priority, id: string, en: string): Pick<Expected, 'says'> => ({ says: { priority, id, en } }); // prettier-ignore

export const expected: readonly Expected[] = [
  // Life safety first: it decides whether somebody is warned.
  { name: 'smoke', ...says('P1', 'KEBAKARAN di Ruang data 1, DC', 'FIRE in Data hall 1, DC'), withinMinutes: 3, backMinutes: 4 },
  // The gas kills whoever goes in to look at the fire: the sentence that keeps people out is the one on the wall.
  { name: 'genset-fire', ...says('P1', 'CO₂ DILEPASKAN di Ruang genset, DC, jangan masuk', 'CO₂ RELEASED in Genset room, DC, do not enter'), withinMinutes: 2, backMinutes: 3 },
  { name: 'leak', ...says('P1', 'Air terdeteksi di Ruang data 1, DC', 'Water detected in Data hall 1, DC'), withinMinutes: 1, backMinutes: 3 },
  // What was wrong for one moment stands for a quarter of an hour, so that it is not over before anybody looked.
  { name: 'duress', ...says('P1', 'Tanda masuk di bawah paksaan, Mantrap, DC', 'Duress signal, Mantrap, DC'), withinMinutes: 1, backMinutes: 20 },
  // Power, by its cause.
  { name: 'pln-outage', ...says('P1', 'PLN A dan B padam di DC; beban dipikul genset, 3 dari 3 jalan', 'PLN A and B lost at DC; the gensets carry the load, 3 of 3 running'), withinMinutes: 2, backMinutes: 5 },
  { name: 'feed-a-loss', ...says('P1', 'UPS A1 dan A2 mati, tidak memberi keluaran, Ruang UPS A, DC; 264 rak tinggal satu jalur', 'UPS A1 and A2 off, no output, UPS room A, DC; 264 racks left on one feed'), withinMinutes: 3, backMinutes: 5 },
  { name: 'ups-failure', ...says('P1', 'UPS A1 mati, tidak memberi keluaran, Ruang UPS A, DC', 'UPS A1 off, no output, UPS room A, DC'), withinMinutes: 2, backMinutes: 6 },
  { name: 'ups-battery', ...says('P2', 'Baterai UPS A1 perlu diganti, Ruang UPS A, DC', 'Battery of UPS A1 needs to be replaced, UPS room A, DC'), withinMinutes: 2, backMinutes: 4 },
  { name: 'genset-unready', ...says('P2', 'Genset 1 tidak pada mode otomatis, Ruang genset, DC', 'Genset 1 not in automatic mode, Genset room, DC'), withinMinutes: 3, backMinutes: 2 },
  // A declared test is no disturbance (one that nobody declared is an outage to everyone who looks up), and a start that succeeds at the second attempt is none either: both are for the report.
  { name: 'load-test', isDeclared: true, withinMinutes: 2, backMinutes: 5 },
  { name: 'genset-start-fails', beside: 'load-test', isDeclared: true, withinMinutes: 2, backMinutes: 5 },
  { name: 'genset-sag', beside: 'load-test', isDeclared: true, withinMinutes: 2, backMinutes: 5 },
  // At 600 L/h the transfer pump keeps the level for longer than a drill lasts.
  { name: 'fuel-leak', withinMinutes: 2, backMinutes: 3 },
  // Cooling.
  { name: 'pac-failure', ...says('P2', 'PAC 05 mati di Ruang data 1, DC', 'PAC 05 stopped in Data hall 1, DC'), withinMinutes: 2, backMinutes: 20 },
  { name: 'cooling-loss', ...says('P1', 'Semua 8 PAC mati di Ruang data 1, DC', 'All 8 PACs stopped in Data hall 1, DC'), withinMinutes: 7, backMinutes: 60 },
  // What cannot be read.
  { name: 'sensor-fault', ...says('P3', '# nilai sensor iklim di Ruang data 1, DC tidak masuk akal', '# values of climate sensors in Data hall 1, DC cannot be believed'), withinMinutes: 2, backMinutes: 3 },
  { name: 'device-dead', ...says('P3', 'PAC 01 tidak menjawab, Ruang data 1, DC', 'PAC 01 not answering, Data hall 1, DC'), withinMinutes: 2, backMinutes: 2 },
  { name: 'network-loss', ...says('P1', 'Jaringan ke Ruang data 1 dan 2 putus di DC; # perangkat tidak menjawab', 'Network to Data hall 1 and 2 is cut at DC; # devices not answering'), withinMinutes: 2, backMinutes: 4 },
  { name: 'internet-outage', ...says('P1', 'Jalur internet putus: Router internet, penyedia 1 dan 2, DC; situs tanpa internet', 'Internet link down: Internet router, provider 1 and 2, DC; the site has no internet'), withinMinutes: 2, backMinutes: 4 },
  // Doors, cameras, gas.
  { name: 'door-forced', ...says('P1', 'Mantrap dibuka paksa, DC', 'Mantrap forced open, DC'), withinMinutes: 1, backMinutes: 2 },
  { name: 'mantrap-open', ...says('P1', 'Kedua pintu mantrap terbuka, Mantrap, DC', 'Both mantrap doors open, Mantrap, DC'), withinMinutes: 1, backMinutes: 2 },
  { name: 'cctv-fault', ...says('P3', 'Perekam CCTV merekam # fps, paling sedikit 20,0 fps, Operating Control Room, DC', 'CCTV recorder records # fps, minimum 20.0 fps, Operating Control Room, DC'), withinMinutes: 3, backMinutes: 3 },
  { name: 'unknown-card', ...says('P3', 'Kartu yang tidak dikenal dicoba berulang, Mantrap, DC', 'An unknown credential is tried repeatedly, Mantrap, DC'), withinMinutes: 3, backMinutes: 20 },
  { name: 'tailgating', ...says('P2', 'Pintu dilewati lebih dari sekali dengan satu izin, Mantrap, DC', 'More than one passage on one grant, Mantrap, DC'), withinMinutes: 2, backMinutes: 20 },
  { name: 'entry-without-ticket', ...says('P2', 'Orang masuk tanpa tiket, Mantrap, DC', 'Entry without a ticket, Mantrap, DC'), withinMinutes: 2, backMinutes: 20 },
  { name: 'agent-leak', ...says('P2', 'Tekanan gas pemadam # kPa, paling rendah 2.250 kPa, Ruang data 1, DC', 'Pressure of the extinguishing gas # kPa, minimum 2,250 kPa, Data hall 1, DC'), withinMinutes: 8, backMinutes: 6 },
]; // prettier-ignore
