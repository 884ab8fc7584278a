import { board, latest, lines } from '../panels.ts';
import { longSeries, series } from '../query.ts';
import { quantity } from '../texts.ts';

const site = /^site$/;

export const siteBoard = board({
  uid: 'pantau-situs',
  title: 'Pantau DC · Ringkasan situs',
  description: 'Daya, suhu, kelembapan dan ketahanan satu situs.',
  path: '/situs/${situs}',
  panels: [
    latest('Daya TI', { unit: 'kW', targets: [series({ quantity: 'power', owner: site, part: '' })] }),
    latest(quantity('facility-power'), { unit: 'kW', targets: [series({ quantity: 'facility-power' })] }),
    latest(quantity('temperature-max'), { unit: '°C', above: 27, targets: [series({ quantity: 'temperature-max', owner: site })] }),
    latest(quantity('humidity-max'), { unit: '%RH', above: 60, targets: [series({ quantity: 'humidity-max', owner: site })] }),
    latest(quantity('endurance'), { unit: 's', targets: [series({ quantity: 'endurance' })] }),
    latest(quantity('devices-lost'), { unit: 'count', above: 1, targets: [series({ quantity: 'devices-lost', by: 'last' })] }),
    lines('Daya TI per sumber (A dan B)', { unit: 'kW', targets: [series({ quantity: 'power', owner: site })] }),
    lines('Beban bila satu sumber putus', { unit: 'kW', targets: [series({ quantity: 'load-after-loss', owner: site })] }),
    lines('Suhu masuk rak: terendah, rata-rata, tertinggi', { unit: '°C', above: 27, below: 18, description: 'Batas 18–27 °C: katalog layanan, BAB IV.', targets: [series({ quantity: ['temperature-min', 'temperature-mean', 'temperature-max'], owner: site })] }),
    lines('Kelembapan: terendah, rata-rata, tertinggi', { unit: '%RH', above: 60, below: 30, description: 'Batas 30–60 %RH: katalog layanan, BAB IV.', targets: [series({ quantity: ['humidity-min', 'humidity-mean', 'humidity-max'], owner: site })] }),
    lines('Unit cadangan genset dan UPS', { unit: 'count', targets: [series({ quantity: 'units-spare', by: 'last' })] }),
    lines('Daya TI per jam, 30 hari', { unit: 'kW', over: '30d', targets: [longSeries('1h', { quantity: 'power', owner: site, part: '', field: 'mean', alias: 'rata-rata' }), longSeries('1h', { quantity: 'power', owner: site, part: '', field: 'max', alias: 'tertinggi' }, 'B')] }),
    lines('Suhu tertinggi per hari, 1 tahun', { unit: '°C', above: 27, over: '1y', span: 24, targets: [longSeries('1d', { quantity: 'temperature-max', owner: site, field: 'max' })] }),
  ],
}); // prettier-ignore
