import type { Language } from '../../domain/format/words.ts';

/** What the printed report says. */
export interface ReportText {
  readonly title: string;
  readonly simulated: string;
  readonly page: (page: number, of: number) => string;
  readonly made: string;
  readonly period: string;
  readonly basis: string;
  readonly basisText: string;
  readonly status: string;
  readonly final: string;
  readonly provisional: string;
  readonly summary: string;
  readonly metOf: (met: number, judged: number) => string;
  readonly site: string;
  readonly days: string;
  readonly annunciated: string;
  readonly falseAlarms: string;
  readonly verdict: string;
  readonly figure: string;
  readonly value: string;
  readonly aim: string;
  readonly source: string;
  readonly perDay: string;
  readonly noAlarms: string;
  readonly peak: string;
  readonly peakText: (count: number, at: string) => string;
  readonly priorities: string;
  readonly noRule: string;
  readonly standing: string;
  readonly floodCount: string;
  readonly floodFrom: string;
  readonly floodLength: string;
  readonly falseByRule: string;
  readonly operator: string;
  readonly acknowledged: string;
  readonly meanTime: string;
  readonly work: string;
  readonly noWork: string;
  readonly alarm: string;
  readonly times: string;
  readonly why: string;
  readonly advice: string;
  readonly state: string;
  readonly recurred: string;
  readonly method: string;
  readonly methodLines: readonly string[];
}

export const reportTexts: Readonly<Record<Language, ReportText>> = {
  id: {
    title: 'Kinerja sistem alarm',
    simulated: 'SIMULASI',
    page: (page, of) => `Halaman ${page} dari ${of}`,
    made: 'dibuat',
    period: 'Waktu',
    basis: 'Dasar',
    basisText: 'ISA-18.2 (IEC 62682) dan EEMUA 191, dihitung dari jurnal alarm',
    status: 'Status',
    final: 'Final: angka ditetapkan pada hari kerja pertama setelah bulan berakhir',
    provisional: 'Sementara: angka sampai saat laporan ini dibuat',
    summary: 'Ringkasan',
    metOf: (met, judged) => `${met} dari ${judged} sasaran tercapai`,
    site: 'Situs',
    days: 'Hari data',
    annunciated: 'Alarm',
    falseAlarms: 'Alarm palsu / gangguan',
    verdict: 'Penilaian',
    figure: 'Ukuran',
    value: 'Nilai',
    aim: 'Sasaran',
    source: 'Sumber',
    perDay: 'Alarm per hari',
    noAlarms: 'Tidak ada alarm.',
    peak: 'Terbanyak dalam 10 menit',
    peakText: (count, at) => `${count} alarm, ${at} WIB`,
    priorities: 'Prioritas',
    noRule: 'aturan sudah dihapus',
    standing: 'Bertahan lebih dari 24 jam pada akhir waktu',
    floodCount: 'Banjir alarm',
    floodFrom: 'Banjir alarm sejak',
    floodLength: 'Lama',
    falseByRule: 'Alarm palsu per aturan',
    operator: 'Diakui oleh',
    acknowledged: 'Alarm diakui',
    meanTime: 'Rata-rata setelah muncul',
    work: 'Alarm yang perlu diperbaiki',
    noWork: 'Tidak ada alarm yang perlu diperbaiki.',
    alarm: 'Alarm',
    times: 'Muncul',
    why: 'Masalah',
    advice: 'Yang dapat dilakukan',
    state: 'Status',
    recurred: 'Muncul lagi setelah selesai',
    method: 'Cara menghitung',
    methodLines: [
      'Alarm dihitung setiap kali diumumkan kepada operator dan menuntut tanggapan: saat muncul, saat muncul lagi sebelum diakui, dan saat tidak lagi disembunyikan. Alarm yang disisihkan, ditekan, atau di luar layanan tidak dihitung selama disembunyikan. Setiap situs adalah satu posisi operator.',
      'Banjir alarm mulai saat lebih dari 10 alarm muncul dalam 10 menit terakhir dan berakhir saat kurang dari 5; jendelanya bergeser, jadi hasilnya tidak bergantung pada batas periode. Periode 10 menit dihitung menurut jam.',
      'Alarm berkedip muncul tiga kali atau lebih dalam semenit. Alarm sekejap hilang dalam semenit sebelum ada yang mengakuinya. Alarm bertahan adalah alarm yang kondisinya berlangsung lebih dari 24 jam dan tidak disembunyikan; yang dinilai adalah hari terburuk.',
      'Prioritas mengikuti kepentingan aturan dan dampak situs saat ini: tinggi P1, sedang P2, rendah P3 sampai P5. Tidak ada penilaian bila data kurang dari hari yang disyaratkan; bulan yang lebih pendek dilengkapi dengan hari-hari sebelumnya.',
      'Angka ISA-18.2 dan EEMUA 191 dikutip dari tulisan umum tentang keduanya dan dapat diubah dalam konfigurasi. Jeda yang disarankan dicoba pada kejadian yang tercatat; jeda juga menunda alarm yang benar.',
    ],
  },
  en: {
    title: 'Alarm system performance',
    simulated: 'SIMULATED',
    page: (page, of) => `Page ${page} of ${of}`,
    made: 'made',
    period: 'Period',
    basis: 'Basis',
    basisText: 'ISA-18.2 (IEC 62682) and EEMUA 191, computed from the alarm journal',
    status: 'Status',
    final: 'Final: the figures were fixed on the first working day after the month',
    provisional: 'Provisional: figures up to when this report was made',
    summary: 'Summary',
    metOf: (met, judged) => `${met} of ${judged} aims met`,
    site: 'Site',
    days: 'Days of data',
    annunciated: 'Alarms',
    falseAlarms: 'False alarms / incidents',
    verdict: 'Verdict',
    figure: 'Figure',
    value: 'Value',
    aim: 'Aim',
    source: 'Source',
    perDay: 'Alarms per day',
    noAlarms: 'No alarms.',
    peak: 'Most in 10 minutes',
    peakText: (count, at) => `${count} alarms, ${at} WIB`,
    priorities: 'Priorities',
    noRule: 'rule removed since',
    standing: 'Standing over 24 hours at the end',
    floodCount: 'Alarm floods',
    floodFrom: 'Alarm flood since',
    floodLength: 'Duration',
    falseByRule: 'False alarms by rule',
    operator: 'Acknowledged by',
    acknowledged: 'Alarms acknowledged',
    meanTime: 'Mean time after annunciation',
    work: 'Alarms that need improving',
    noWork: 'No alarm needs improving.',
    alarm: 'Alarm',
    times: 'Times',
    why: 'Problem',
    advice: 'What can be done',
    state: 'State',
    recurred: 'Came back after it was done',
    method: 'How it is computed',
    methodLines: [
      'An alarm counts each time it is annunciated to the operators and asks for a response: when it is raised, when it is raised again before anybody acknowledged it, and when it is no longer hidden. What is shelved, suppressed or out of service does not count while it is hidden. Each site is one operating position.',
      'A flood begins when more than 10 alarms came in the last 10 minutes and ends when fewer than 5 did; the window slides, so the result does not depend on where periods are cut. The 10-minute periods are those of the clock.',
      'A chattering alarm comes three times or more within a minute. A fleeting alarm is gone within a minute, before anybody acknowledged it. A standing alarm is one whose condition lasts for more than 24 hours and that is not hidden; the worst day is judged.',
      'Priorities follow the present urgency of the rule and the impact of the site: high is P1, medium P2, low P3 to P5. There is no verdict on fewer days of data than required; a shorter month is completed with the days before it.',
      'The figures of ISA-18.2 and EEMUA 191 are quoted from public texts about them and can be changed in the configuration. Suggested delays were tried on what was recorded; a delay holds back true alarms as well.',
    ],
  },
};
