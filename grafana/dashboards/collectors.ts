import { board, lines, metric } from '../panels.ts';
import { series } from '../query.ts';
import { quantity } from '../texts.ts';

export const collectorBoard = board({
  uid: 'pantau-kolektor',
  title: 'Pantau DC · Kesehatan kolektor',
  description: 'Apakah lapangan dibaca tepat waktu, dan apakah yang dibaca sampai di penyimpan.',
  path: '/perangkat',
  panels: [
    lines(quantity('readings-per-second'), { unit: '/s', targets: [series({ quantity: 'readings-per-second' })] }),
    lines(quantity('polls-per-second'), { unit: '/s', targets: [series({ quantity: 'polls-per-second' })] }),
    lines(quantity('devices-lost'), { unit: 'count', targets: [series({ quantity: 'devices-lost', by: 'last' })] }),
    lines(quantity('lateness-p99'), { unit: 's', above: 1, targets: [series({ quantity: 'lateness-p99' })] }),
    lines(quantity('polls-skipped'), { unit: '%', targets: [series({ quantity: 'polls-skipped' })] }),
    lines(quantity('loop-delay-p99'), { unit: 's', targets: [series({ quantity: 'loop-delay-p99' })] }),
    lines(quantity('collector-skew'), { unit: 's', targets: [series({ quantity: 'collector-skew' })] }),
    metric('Nilai yang menunggu dan yang hilang sebelum disimpan', { unit: 'count', queries: [{ expr: 'pantau_readings_waiting', legend: 'menunggu' }, { expr: 'pantau_readings_dropped_total', legend: 'hilang' }] }),
    metric('Nilai per detik, seluruh server', { unit: '/s', queries: [{ expr: 'rate(pantau_readings_accepted_total[5m])', legend: 'diterima' }, { expr: 'rate(pantau_readings_stored_total[5m])', legend: 'disimpan' }] }),
    metric('Perangkat menurut status', { unit: 'count', queries: [{ expr: 'sum by (site, state) (pantau_devices)', legend: '{{site}} {{state}}' }] }),
  ],
}); // prettier-ignore
