import type { SignatureForm } from '../../server/contracts/load-test-document.ts';
import type { LoadTestContent } from '../../server/contracts/load-tests.ts';

/** Words of a load test, for its page and its printed report. */

type Words<Keys extends string> = Readonly<Record<Keys, string>>;

export interface LoadTestText {
  readonly title: string;
  readonly simulated: string;
  readonly page: (page: number, of: number) => string;
  readonly labels: Words<LoadTestContent['label']>;
  readonly verdicts: Words<LoadTestContent['verdict']>;
  readonly phases: Readonly<Record<string, string>>;
  /** Why a run is called what it is. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly whys: Readonly<Record<string, string>>;
  /** By quantity. */
  readonly quantities: Readonly<Record<string, string>>;
  /** Of a controller's mode. */
  readonly modes: Readonly<Record<string, string>>;
  readonly duties: Words<'prime' | 'standby' | 'continuous'>;
  /** Short heads of columns, by quantity. */
  readonly columns: Readonly<Record<string, string>>;
  readonly forms: Words<SignatureForm>;
  readonly seen: Words<'seen' | 'partly' | 'unseen' | 'absent'>;
  readonly words: Words<
    | 'site' | 'kind' | 'result' | 'from' | 'to' | 'profile' | 'madeAt' | 'coverage' | 'peak' | 'mean' | 'fuel' | 'rate' | 'endurance' | 'criteria' | 'criterion'
    | 'value' | 'limit' | 'source' | 'reference' | 'timeline' | 'phase' | 'thing' | 'begins' | 'ends' | 'doubt' | 'sets' | 'set' | 'rated'
    | 'attempts' | 'crank' | 'crankVolts' | 'kw' | 'oil' | 'coolant' | 'coolDown' | 'hours' | 'curves' | 'table' | 'gaps' | 'gapsNote' | 'clocks'
    | 'frozen' | 'evidence' | 'hash' | 'signatures' | 'none' | 'time' | 'unknown' | 'least' | 'most' | 'unit' | 'reason' | 'readings'
    | 'revision' | 'corrected' | 'previous' | 'plan' | 'witnesses' | 'ticket' | 'note' | 'checklist' | 'notTicked' | 'alarms' | 'alarmsNote' | 'alarm' | 'presence' | 'presenceNote'
    | 'presenceUnknown' | 'room' | 'persons' | 'tickets' | 'anywhere' | 'deficiencies' | 'openBefore' | 'deficiency' | 'owner' | 'dueBy' | 'closed'
    | 'masked' | 'attention' | 'secondStart' | 'lateTransfer' | 'droppedUps' | 'missingPoints' | 'whileRunning' | 'unchanged' | 'transfers' | 'ats' | 'transferTime' | 'retransferTime' | 'upss' | 'onBattery' | 'lowestVolts' | 'lowestCharge' | 'autonomy' | 'output'
    | 'building' | 'identity' | 'makerModel' | 'serial' | 'powerFactor' | 'duty' | 'dutyAsked' | 'redundancy' | 'notConfigured' | 'conditions' | 'beforeAfter' | 'before' | 'after' | 'quantity' | 'daysBefore'
    | 'outputKept' | 'outputLost' | 'verify' | 'documentHash' | 'unsigned' | 'signedBy' | 'attached' | 'continued' | 'point' | 'points' | 'stands'
  >;
} // prettier-ignore

export const loadTestTexts: Readonly<Record<'id' | 'en', LoadTestText>> = {
  id: {
    title: 'Laporan uji beban genset',
    simulated: 'SIMULASI',
    page: (page, of) => `Halaman ${page} dari ${of}`,
    labels: { test: 'Uji beban', outage: 'PLN padam', 'no-load': 'Pemanasan tanpa beban', aborted: 'Uji beban dibatalkan', unclear: 'Tidak dapat dipastikan' },
    verdicts: { pass: 'LULUS', fail: 'TIDAK LULUS', 'not-proven': 'BELUM TERBUKTI' },
    phases: {
      'grid-off': 'PLN padam', 'ups-battery': 'UPS pada baterai', crank: 'Start mesin', 'in-tolerance': 'Tegangan dan frekuensi siap', transfer: 'Pindah ke genset',
      'loaded-run': 'Berjalan berbeban', 'grid-back': 'PLN kembali', retransfer: 'Kembali ke PLN', 'cool-down': 'Pendinginan mesin', stop: 'Mesin berhenti',
    },
    reasons: {
      planned: 'direncanakan', declared: 'dinyatakan sebagai uji beban', 'started-before': 'genset menyala sebelum PLN padam', 'transferred-with-grid': 'beban dipindahkan selagi PLN masih ada',
      'grid-lost': 'PLN padam lebih dahulu', 'never-loaded': 'genset tidak pernah memikul beban', 'load-lost': 'beban lepas saat PLN masih padam', 'too-short': 'berbeban terlalu singkat',
      'no-load': 'genset berjalan tanpa beban', 'not-seen': 'data tidak cukup untuk memastikan',
    },
    whys: {
      'not-seen': 'tidak terlihat dalam data', gaps: 'data bolong', sampling: 'selang pembacaan terlalu jarang untuk memastikan', clocks: 'jam perangkat berbeda',
      'no-nameplate': 'daya pelat nama tidak ada dalam konfigurasi', 'no-limit': 'batas pabrikan tidak ada dalam konfigurasi', 'no-curve': 'kurva bahan bakar atau data daya tidak ada',
      'not-started': 'tidak menyala', 'not-loaded': 'tidak memikul beban', 'too-coarse': 'pembacaan terlalu jarang untuk melihat simpangan terdalam', 'no-test': 'tidak ada uji beban yang selesai',
      'period-runs': 'masa uji belum berakhir', dropped: 'keluaran UPS hilang', 'never-steady': 'tidak kembali stabil', 'not-islanded': 'PLN tidak padam', limit: 'di luar batas',
    },
    quantities: {
      power: 'Daya', voltage: 'Tegangan', current: 'Arus', frequency: 'Frekuensi', 'coolant-temperature': 'Air pendingin', 'oil-pressure': 'Tekanan oli', level: 'Bahan bakar', 'battery-charge': 'Baterai UPS',
      'control-mode': 'Mode kendali', 'engine-state': 'Status mesin', speed: 'Putaran', 'battery-voltage': 'Tegangan aki', 'fuel-rate': 'Laju bahan bakar', 'fuel-level': 'Isi tangki sendiri', 'run-time': 'Jam mesin',
      starts: 'Jumlah start', position: 'Posisi', 'source-1': 'Sumber PLN', 'output-source': 'Sumber keluaran', 'input-voltage': 'Tegangan masukan', autonomy: 'Sisa waktu baterai',
    },
    columns: { power: 'Daya', 'coolant-temperature': 'Air', 'oil-pressure': 'Oli' },
    modes: { auto: 'Otomatis', manual: 'Manual', stop: 'Stop', off: 'Mati', test: 'Uji', 'test-on-load': 'Uji berbeban' },
    duties: { prime: 'prime', standby: 'standby', continuous: 'continuous' },
    seen: { seen: 'terlihat', partly: 'sebagian terlihat', unseen: 'tidak terlihat', absent: 'tidak terjadi' },
    words: {
      site: 'Lokasi', kind: 'Jenis', result: 'Hasil', from: 'Mulai', to: 'Selesai', profile: 'Profil kriteria', madeAt: 'Dibuat', coverage: 'Cakupan data', peak: 'Beban puncak', mean: 'Beban rata-rata',
      fuel: 'Bahan bakar terpakai', rate: 'Laju bahan bakar', endurance: 'Ketahanan', criteria: 'Kriteria', criterion: 'Kriteria', value: 'Nilai', limit: 'Batas', source: 'Sumber', reference: 'acuan',
      timeline: 'Urutan kejadian', phase: 'Tahap', thing: 'Perangkat', begins: 'Mulai', ends: 'Selesai', doubt: 'Ketelitian', sets: 'Genset', set: 'Genset', rated: 'Daya', attempts: 'Start', crank: 'Lama start',
      crankVolts: 'Aki min.', kw: 'Beban rerata / puncak', oil: 'Oli min.', coolant: 'Suhu maks.', coolDown: 'Dingin', hours: 'Jam mesin', curves: 'Kurva', table: 'Genset saat berbeban, tiap {minutes}',
      gaps: 'Data yang kurang', gapsNote: 'Titik dengan cakupan di bawah yang disyaratkan; kriteria yang bersandar padanya tidak dapat dinyatakan lulus.', clocks: 'Jam yang disesuaikan', frozen: 'Meter yang membeku',
      evidence: 'Bukti', hash: 'SHA-256 pembacaan', signatures: 'Tanda tangan', none: 'tidak ada', time: 'Waktu (WIB)', unknown: 'tidak terukur',
      least: 'Paling kecil', most: 'Paling besar', unit: 'Satuan', reason: 'Sebab', readings: 'Pembacaan',
      revision: 'Revisi', corrected: 'Alasan koreksi', previous: 'Uji sebelumnya', plan: 'Rencana dan pemeriksaan', witnesses: 'Saksi', ticket: 'Tiket akses', note: 'Catatan', checklist: 'Butir pemeriksaan', notTicked: 'tidak dicentang',
      alarms: 'Alarm selama uji', alarmsNote: 'Ditampilkan {shown} yang pertama dari {total}.', alarm: 'Alarm', presence: 'Yang berada di ruang', presenceNote: 'Jumlah orang di dalam dalam satu jam sebelum akhir; nama ada pada log akses bagi yang berhak.',
      presenceUnknown: 'Tidak diketahui: log akses tidak dapat dibaca.', room: 'Ruang', persons: 'Orang', tickets: 'Tiket', anywhere: 'di dalam, ruang tidak diketahui', deficiencies: 'Temuan', openBefore: 'Temuan uji sebelumnya yang belum selesai', deficiency: 'Temuan', owner: 'Penanggung jawab', dueBy: 'Batas', closed: 'Selesai',
      attention: 'Yang perlu perhatian', secondStart: '{set}: menyala setelah {count} kali start', lateTransfer: '{ats}: pemindahan beban melampaui batas', droppedUps: '{ups}: keluaran hilang selama uji', missingPoints: 'Data kurang pada {count} titik ukur; lihat Bukti', whileRunning: 'saat berjalan', unchanged: 'Tidak berubah selama uji',
      masked: 'Nama ditulis sebagai inisial; nama lengkap untuk yang berhak melihat identitas.',
      transfers: 'Pemindahan beban tiap ATS', ats: 'ATS', transferTime: 'PLN padam sampai ke genset', retransferTime: 'PLN kembali sampai ke PLN', upss: 'UPS selama uji',
      onBattery: 'Pada baterai', lowestVolts: 'Baterai min.', lowestCharge: 'Isi min.', autonomy: 'Sisa waktu min.', output: 'Keluaran', outputKept: 'tetap ada', outputLost: 'hilang',
      building: 'Gedung', identity: 'Identitas', makerModel: 'Merek dan tipe', serial: 'Nomor seri', powerFactor: 'cos φ', duty: 'Peringkat', dutyAsked: 'Diminta', redundancy: 'Redundansi', notConfigured: 'belum diisi', conditions: 'Keadaan sebelum start dan sesudah berhenti', beforeAfter: 'Sebelum dan sesudah', before: 'Sebelum', after: 'Sesudah', quantity: 'Besaran', daysBefore: '{date} ({days} hari sebelumnya)',
      verify: 'Verifikasi', documentHash: 'SHA-256 dokumen', unsigned: 'belum ditandatangani', signedBy: '{name}, {at} ({form})', attached: 'Seluruh pembacaan ada di dalam berkas ini sebagai lampiran {file}; SHA-256 di atas adalah SHA-256 lampiran itu.', continued: 'percobaan berikutnya termasuk uji yang sama', point: 'Titik ukur', points: 'Titik', stands: 'masih berlangsung',
    },
    forms: { application: 'di aplikasi', 'local-key': 'sertifikat instalasi', bsre: 'BSrE' },
  },
  en: {
    title: 'Genset load test report',
    simulated: 'SIMULATED',
    page: (page, of) => `Page ${page} of ${of}`,
    labels: { test: 'Load test', outage: 'Outage of PLN', 'no-load': 'Exercise without load', aborted: 'Load test aborted', unclear: 'Cannot be told' },
    verdicts: { pass: 'PASSED', fail: 'FAILED', 'not-proven': 'NOT PROVEN' },
    phases: {
      'grid-off': 'PLN off', 'ups-battery': 'UPS on battery', crank: 'Engine start', 'in-tolerance': 'Voltage and frequency ready', transfer: 'Transfer to gensets',
      'loaded-run': 'Loaded run', 'grid-back': 'PLN back', retransfer: 'Retransfer to PLN', 'cool-down': 'Cool-down', stop: 'Engine stopped',
    },
    reasons: {
      planned: 'planned', declared: 'declared as a load test', 'started-before': 'the gensets started before PLN went', 'transferred-with-grid': 'the load was transferred while PLN was live',
      'grid-lost': 'PLN went first', 'never-loaded': 'the gensets never carried load', 'load-lost': 'the load was lost while PLN was off', 'too-short': 'loaded for too short a time',
      'no-load': 'the gensets ran without load', 'not-seen': 'the readings do not tell',
    },
    whys: {
      'not-seen': 'not seen in the data', gaps: 'gaps in the data', sampling: 'read too seldom to be certain', clocks: 'clocks of devices differ',
      'no-nameplate': 'no nameplate power in the configuration', 'no-limit': 'no limits of the maker in the configuration', 'no-curve': 'no fuel curve or no power data',
      'not-started': 'did not start', 'not-loaded': 'carried no load', 'too-coarse': 'read too seldom to see the deepest deviation', 'no-test': 'no test was completed',
      'period-runs': 'the period is not over', dropped: 'UPS output was lost', 'never-steady': 'did not become steady again', 'not-islanded': 'PLN was not off', limit: 'outside the limit',
    },
    quantities: {
      power: 'Power', voltage: 'Voltage', current: 'Current', frequency: 'Frequency', 'coolant-temperature': 'Coolant', 'oil-pressure': 'Oil pressure', level: 'Fuel', 'battery-charge': 'UPS battery',
      'control-mode': 'Control mode', 'engine-state': 'Engine state', speed: 'Speed', 'battery-voltage': 'Battery voltage', 'fuel-rate': 'Fuel rate', 'fuel-level': 'Own tank', 'run-time': 'Hour meter',
      starts: 'Starts', position: 'Position', 'source-1': 'PLN source', 'output-source': 'Output source', 'input-voltage': 'Input voltage', autonomy: 'Battery time left',
    },
    columns: { power: 'Power', 'coolant-temperature': 'Water', 'oil-pressure': 'Oil' },
    modes: { auto: 'Auto', manual: 'Manual', stop: 'Stop', off: 'Off', test: 'Test', 'test-on-load': 'Test on load' },
    duties: { prime: 'prime', standby: 'standby', continuous: 'continuous' },
    seen: { seen: 'seen', partly: 'partly seen', unseen: 'not seen', absent: 'did not happen' },
    words: {
      site: 'Site', kind: 'Kind', result: 'Result', from: 'Begin', to: 'End', profile: 'Profile of criteria', madeAt: 'Made', coverage: 'Coverage of data', peak: 'Peak load', mean: 'Mean load',
      fuel: 'Fuel used', rate: 'Fuel rate', endurance: 'Endurance', criteria: 'Criteria', criterion: 'Criterion', value: 'Value', limit: 'Limit', source: 'Source', reference: 'reference',
      timeline: 'Timeline', phase: 'Phase', thing: 'Device', begins: 'Begin', ends: 'End', doubt: 'Accuracy', sets: 'Gensets', set: 'Genset', rated: 'Rated', attempts: 'Starts', crank: 'Crank',
      crankVolts: 'Min. V', kw: 'Mean / peak load', oil: 'Min. oil', coolant: 'Max. °C', coolDown: 'Cool-down', hours: 'Hour meter', curves: 'Curves', table: 'Gensets under load, every {minutes}',
      gaps: 'Missing data', gapsNote: 'Points whose coverage is below what is asked for; a criterion that rests on them cannot pass.', clocks: 'Clocks put right', frozen: 'Frozen meters',
      evidence: 'Evidence', hash: 'SHA-256 of all readings', signatures: 'Signatures', none: 'none', time: 'Time (WIB)', unknown: 'not measured',
      least: 'Least', most: 'Most', unit: 'Unit', reason: 'Reason', readings: 'Readings',
      revision: 'Revision', corrected: 'Why corrected', previous: 'Test before', plan: 'Plan and checks', witnesses: 'Witnesses', ticket: 'Access ticket', note: 'Note', checklist: 'Check', notTicked: 'not ticked',
      alarms: 'Alarms during the run', alarmsNote: 'The first {shown} of {total} are shown.', alarm: 'Alarm', presence: 'Who was in the rooms', presenceNote: 'Persons inside within the hour before the end; names are in the access log for those who may see them.',
      presenceUnknown: 'Not known: the access log cannot be read.', room: 'Room', persons: 'Persons', tickets: 'Tickets', anywhere: 'inside, room not known', deficiencies: 'Deficiencies', openBefore: 'Open deficiencies of earlier tests', deficiency: 'Deficiency', owner: 'Owner', dueBy: 'Due', closed: 'Closed',
      attention: 'What needs attention', secondStart: '{set}: started after {count} attempts', lateTransfer: '{ats}: the transfer took longer than the limit', droppedUps: '{ups}: its output was lost during the run', missingPoints: 'Data is missing at {count} points; see Evidence', whileRunning: 'while running', unchanged: 'Unchanged during the run',
      masked: 'Names are given as initials; in full for those who may see identities.',
      transfers: 'Transfer of each ATS', ats: 'ATS', transferTime: 'PLN lost to gensets', retransferTime: 'PLN back to PLN', upss: 'UPSs during the run',
      onBattery: 'On battery', lowestVolts: 'Min. battery', lowestCharge: 'Min. charge', autonomy: 'Min. time left', output: 'Output', outputKept: 'kept', outputLost: 'lost',
      building: 'Building', identity: 'Identity', makerModel: 'Make and model', serial: 'Serial number', powerFactor: 'cos φ', duty: 'Rating', dutyAsked: 'Asked for', redundancy: 'Redundancy', notConfigured: 'not configured', conditions: 'Before the start and after the stop', beforeAfter: 'Before and after', before: 'Before', after: 'After', quantity: 'Quantity', daysBefore: '{date} ({days} days before)',
      verify: 'Verification', documentHash: 'SHA-256 of the document', unsigned: 'not signed', signedBy: '{name}, {at} ({form})', attached: 'All readings are inside this file as the attachment {file}; the SHA-256 above is that of the attachment.', continued: 'the next attempt belongs to the same test', point: 'Point', points: 'Points', stands: 'still stands',
    },
    forms: { application: 'in the application', 'local-key': 'certificate of the installation', bsre: 'BSrE' },
  },
}; // prettier-ignore

/**
 * A device, or a point of one (`genset-1/l1/voltage`, also with its site in front), as people call it: `Genset 1 L1, tegangan`. What was
 * stored before names were kept has its id.
 */
export function thingText(
  { site, identity }: Pick<LoadTestContent, 'site' | 'identity'>,
  id: string,
  language: 'id' | 'en',
): string {
  const [thing = id, ...rest] = (id.startsWith(`${site}/`) ? id.slice(site.length + 1) : id).split('/');
  const name = identity?.names[thing]?.[language] ?? thing;
  const quantity = rest.pop();
  if (quantity === undefined) return name;
  const word = loadTestTexts[language].quantities[quantity] ?? quantity;
  return `${[name, ...rest.map((part) => part.toUpperCase())].join(' ')}, ${word.toLowerCase()}`;
}

/** Several, one after the other. */
export function thingsText(
  view: Parameters<typeof thingText>[0],
  ids: readonly string[],
  language: 'id' | 'en',
): string {
  return ids.map((id) => thingText(view, id, language)).join('; ');
}

/** The site as people call it. */
export function siteText({ site, identity }: Pick<LoadTestContent, 'site' | 'identity'>): string {
  return identity?.siteName ?? site;
}

/** A unit of a criterion as it is written. */
export function unitWord(unit: string, language: 'id' | 'en'): string {
  const units: Readonly<Record<string, readonly [string, string]>> = {
    s: ['dtk', 's'], min: ['mnt', 'min'], h: ['jam', 'h'], days: ['hari', 'days'], count: ['', ''],
  }; // prettier-ignore
  return (units[unit] ?? [unit, unit])[language === 'id' ? 0 : 1];
}

/** A source as it is written; clauses and standards keep their names in every language. */
export function sourceText(
  source: LoadTestContent['criteria'][number]['source'],
  language: 'id' | 'en',
): string {
  return typeof source === 'string' ? source : source[language];
}
