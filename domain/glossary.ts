import type { Label } from '../config/schema/common.ts';

/** A word that this product uses in one meaning, in both languages. */
export interface Term {
  readonly id: string;
  readonly en: string;
  /** Where the word comes from: a clause of SC-11/IT/2023, or a standard; absent: the control room's own word. */
  readonly source?: string;
  readonly meaning: Label;
  /** Words for the same thing that the screens do not use; checked on every text. */
  readonly avoid?: { readonly id?: readonly string[]; readonly en?: readonly string[] };
}

/** In the order of the Indonesian words. */
export const glossary: readonly Term[] = [
  { id: 'akui', en: 'acknowledge', source: 'ISA-18.2', meaning: { id: 'Menyatakan bahwa seseorang menangani gangguan; bunyi dan panggilan berhenti.', en: 'To state that somebody has the incident in hand; sound and pages stop.' }, avoid: { id: ['konfirmasi alarm'] } },
  { id: 'alarm', en: 'alarm', source: 'ISA-18.2', meaning: { id: 'Satu aturan pada satu titik ukur yang batasnya terlampaui.', en: 'One rule on one point whose limit is exceeded.' } },
  { id: 'ATS', en: 'ATS', source: 'SC-11/IT/2023 BAB IV.2', meaning: { id: 'Sakelar yang memindahkan beban dari PLN ke genset.', en: 'Switch that moves the load from the grid to the gensets.' } },
  { id: 'beban bila satu sumber putus', en: 'load after losing a feed', source: 'SC-11/IT/2023 BAB IV.2', meaning: { id: 'Beban rak yang harus dipikul satu jalur sendirian bila jalur lain putus.', en: 'Load of a rack that one feed must carry alone once the other is lost.' } },
  { id: 'Bencana TIK', en: 'ICT disaster', source: 'SC-11/IT/2023 BAB III', meaning: { id: 'Kejadian yang membuat layanan TIK gagal; dinyatakan oleh pejabat berwenang, tidak oleh sistem.', en: 'An event that makes ICT services fail; declared by an authorised person, never by the system.' } },
  { id: 'dampak', en: 'impact', source: 'SC-11/IT/2023 BAB III, tabel 2', meaning: { id: 'Tingkat kekritisan tertinggi di antara layanan yang terdampak.', en: 'The highest criticality among the services at risk.' } },
  { id: 'dinas', en: 'shift', source: 'SC-11/IT/2023 BAB IV.7', meaning: { id: 'Regu yang bertugas di Operating Control Room.', en: 'The team on duty in the Operating Control Room.' } },
  { id: 'gangguan', en: 'incident', source: 'SC-11/IT/2023 BAB III', meaning: { id: 'Alarm-alarm dengan satu penyebab, beserta prioritas dan batas waktunya.', en: 'Alarms of one cause, with their priority and time to resolve.' }, avoid: { id: ['insiden'] } },
  { id: 'genset', en: 'genset', source: 'SC-11/IT/2023 BAB IV.6', meaning: { id: 'Pembangkit diesel yang memikul situs bila PLN padam.', en: 'Diesel generator that carries the site when the grid is down.' } },
  { id: 'kelembapan', en: 'humidity', source: 'SC-11/IT/2023 BAB IV.4', meaning: { id: 'Kelembapan relatif ruang data, 30–60 %RH.', en: 'Relative humidity of the data hall, 30–60 %RH.' }, avoid: { id: ['kelembaban'] } },
  { id: 'kepentingan', en: 'urgency', source: 'SC-11/IT/2023 BAB III, tabel 2', meaning: { id: 'Seberapa cepat dampaknya bertambah bila dibiarkan; di layar: urgensi.', en: 'How fast the impact grows if nothing is done.' } },
  { id: 'layanan terdampak', en: 'services at risk', source: 'SC-11/IT/2023 BAB III', meaning: { id: 'Layanan yang bergantung pada rak atau ruang yang terganggu.', en: 'Services that stand on the rack or room that is affected.' }, avoid: { id: ['layanan berisiko'] } },
  { id: 'layar utama', en: 'wall', meaning: { id: 'Tampilan semua situs untuk ruang kendali.', en: 'The picture of all sites for the control room.' }, avoid: { id: ['dasbor', 'dashboard'] } },
  { id: 'mantrap', en: 'mantrap', source: 'SC-11/IT/2023 BAB IV.3', meaning: { id: 'Ruang antara dua pintu yang tidak boleh terbuka bersamaan.', en: 'A space between two doors that must not be open together.' } },
  { id: 'PAC', en: 'PAC', source: 'SC-11/IT/2023 BAB IV.4', meaning: { id: 'Precision Air Conditioner, pendingin ruang data.', en: 'Precision Air Conditioner, which cools the data hall.' } },
  { id: 'petugas', en: 'operator', source: 'SC-11/IT/2023 BAB IV.7', meaning: { id: 'Orang di ruang kendali yang mengakui dan menangani gangguan.', en: 'A person in the control room who acknowledges and handles incidents.' } },
  { id: 'PIC', en: 'PIC', source: 'SC-11/IT/2023 ITSM.3', meaning: { id: 'Penanggung jawab dari unit pengguna; mendampingi pihak ketiga.', en: 'Person in charge of the user unit, who accompanies third parties.' } },
  { id: 'pihak ketiga', en: 'third party', source: 'SC-11/IT/2023 ITSM.3', meaning: { id: 'Orang dari luar kementerian yang masuk dengan pendamping.', en: 'A person from outside the ministry, who enters with an escort.' } },
  { id: 'piket', en: 'on call', meaning: { id: 'Teknisi yang dipanggil di luar ruang kendali.', en: 'The engineer who is paged outside the control room.' } },
  { id: 'rak', en: 'rack', source: 'SC-11/IT/2023 BAB IV.1', meaning: { id: 'Lemari server dengan dua jalur daya, A dan B.', en: 'A cabinet with two power feeds, A and B.' } },
  { id: 'redam', en: 'suppress', source: 'ISA-18.2', meaning: { id: 'Alarm dicatat tetapi tidak diumumkan selama suatu keadaan berlangsung, misalnya uji beban.', en: 'An alarm is recorded and not annunciated while a condition holds, such as a load test.' } },
  { id: 'siaga', en: 'standby', meaning: { id: 'Siap berjalan tetapi tidak sedang bekerja: PAC cadangan, perekam CCTV tanpa gerakan.', en: 'Ready and not working now: a spare PAC, a CCTV recorder without motion.' } },
  { id: 'tanpa data', en: 'no data', meaning: { id: 'Tidak diketahui; tidak pernah dianggap normal.', en: 'Not known; never taken for normal.' } },
  { id: 'titik embun', en: 'dew point', source: 'ASHRAE TC 9.9', meaning: { id: 'Suhu saat uap air mulai mengembun.', en: 'Temperature at which water begins to condense.' } },
  { id: 'tunda', en: 'shelve', source: 'ISA-18.2', meaning: { id: 'Alarm disembunyikan petugas untuk waktu terbatas, dengan alasan.', en: 'An operator hides an alarm for a limited time, with a reason.' } },
  { id: 'uji beban', en: 'load test', source: 'SC-11/IT/2023 BAB IV.6', meaning: { id: 'PLN diputus dan situs berjalan dengan genset saja.', en: 'The grid is switched off and the site runs on gensets alone.' } },
  { id: 'uji panggilan', en: 'paging test', meaning: { id: 'Alarm percobaan setiap jam yang membuktikan jalur dari titik ukur sampai pesan.', en: 'An hourly trial alarm that proves the way from a reading to a message.' } },
  { id: 'VESDA', en: 'VESDA', source: 'SC-11/IT/2023 BAB IV.5', meaning: { id: 'Deteksi asap dini dengan menghisap udara ruang.', en: 'Early smoke detection that draws the room’s air.' } },
  { id: 'waktu cadangan baterai', en: 'autonomy', source: 'SC-11/IT/2023 BAB IV.2', meaning: { id: 'Lama baterai UPS dapat memikul beban sekarang.', en: 'How long the batteries of a UPS can carry the present load.' } },
]; // prettier-ignore
