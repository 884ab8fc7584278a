import { board, metric } from '../panels.ts';

export const alarmBoard = board({
  uid: 'pantau-alarm',
  title: 'Pantau DC · Alarm dan gangguan',
  description: 'Beban alarm saat ini. Angka menurut IEC 62682 dan laporan bulanan ada di Pantau DC, halaman Kinerja alarm.',
  path: '/alarm/kinerja',
  perSite: false,
  panels: [
    metric('Gangguan terbuka', { unit: 'count', queries: [{ expr: 'pantau_incidents_open', legend: 'gangguan terbuka' }] }),
    metric('Alarm aktif dan yang disembunyikan', { unit: 'count', queries: [{ expr: 'sum by (list) (pantau_alarms)', legend: '{{list}}' }] }),
    metric('Alarm aktif per situs', { unit: 'count', queries: [{ expr: 'sum by (site) (pantau_alarms{list="annunciated"})', legend: '{{site}}' }] }),
    metric('Waktu sampai panggilan terkirim (persentil 95)', { unit: 's', queries: [{ expr: 'histogram_quantile(0.95, sum by (le, channel) (rate(pantau_page_handoff_seconds_bucket[1h])))', legend: '{{channel}}' }] }),
    metric('Halaman yang tersambung', { unit: 'count', queries: [{ expr: 'pantau_live_clients', legend: 'halaman' }] }),
    metric('Pengecualian pada penerima nilai', { unit: 'count', queries: [{ expr: 'increase(pantau_consumer_failures_total[1h])', legend: '{{consumer}}' }] }),
  ],
}); // prettier-ignore
