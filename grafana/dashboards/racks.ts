import { bars, board, lines } from '../panels.ts';
import { highest, series } from '../query.ts';

const rack = /^rack-/;

export const rackBoard = board({
  uid: 'pantau-rak',
  title: 'Pantau DC · Rak',
  description: 'Rak terberat, rak terpanas, dan sebarannya.',
  path: '/situs/${situs}',
  panels: [
    bars('Sepuluh rak dengan daya tertinggi', { unit: 'kW', targets: [highest(10, { quantity: 'power', owner: rack })] }),
    bars('Sepuluh suhu masuk tertinggi', { unit: '°C', targets: [highest(10, { quantity: 'temperature', owner: /^env-/ })] }),
    bars('Sepuluh beban tertinggi bila satu sumber putus', { unit: 'kW', targets: [highest(10, { quantity: 'load-after-loss', owner: rack })] }),
    bars('Sepuluh kelembapan tertinggi', { unit: '%RH', targets: [highest(10, { quantity: 'humidity', owner: /^env-/ })] }),
    lines('Daya rak: rata-rata, persentil 95, tertinggi', { unit: 'kW', targets: [
      series({ quantity: 'power', owner: rack, perPoint: false, alias: 'rata-rata' }),
      series({ quantity: 'power', owner: rack, perPoint: false, by: 'percentile95', alias: 'persentil 95' }, 'B'),
      series({ quantity: 'power', owner: rack, perPoint: false, by: 'max', alias: 'tertinggi' }, 'C'),
    ] }),
    lines('Suhu masuk rak: rata-rata, persentil 95, tertinggi', { unit: '°C', above: 27, below: 18, targets: [
      series({ quantity: 'temperature', owner: /^env-/, perPoint: false, alias: 'rata-rata' }),
      series({ quantity: 'temperature', owner: /^env-/, perPoint: false, by: 'percentile95', alias: 'persentil 95' }, 'B'),
      series({ quantity: 'temperature', owner: /^env-/, perPoint: false, by: 'max', alias: 'tertinggi' }, 'C'),
    ] }),
    lines('Daya per ruang data', { unit: 'kW', span: 24, targets: [series({ quantity: 'power', owner: /^hall/ })] }),
  ],
}); // prettier-ignore
