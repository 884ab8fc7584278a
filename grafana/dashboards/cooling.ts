import { board, lines, stateBars } from '../panels.ts';
import { series, states } from '../query.ts';
import { quantity } from '../texts.ts';

const pac = /^pac-/;

export const coolingBoard = board({
  uid: 'pantau-pendingin',
  title: 'Pantau DC · Pendingin',
  description: 'Unit PAC dan suhu ruang data yang didinginkannya.',
  path: '/situs/${situs}',
  panels: [
    stateBars('Status unit PAC', { targets: [states({ quantity: 'system-state', owner: pac })], names: ['on', 'standby', 'off'], abnormal: ['off'] }),
    lines(quantity('supply-temperature'), { unit: '°C', targets: [series({ quantity: 'supply-temperature', owner: pac })] }),
    lines(quantity('return-temperature'), { unit: '°C', targets: [series({ quantity: 'return-temperature', owner: pac })] }),
    lines(quantity('fan-speed'), { unit: '%', targets: [series({ quantity: 'fan-speed', owner: pac })] }),
    lines(quantity('cooling-capacity'), { unit: '%', targets: [series({ quantity: 'cooling-capacity', owner: pac })] }),
    lines('Suhu tertinggi per ruang data', { unit: '°C', above: 27, targets: [series({ quantity: 'temperature-max', owner: /^hall/ })] }),
    lines(quantity('temperature-rise'), { unit: '°C/h', targets: [series({ quantity: 'temperature-rise' })] }),
    lines('Kelembapan rata-rata per ruang data', { unit: '%RH', above: 60, below: 30, targets: [series({ quantity: 'humidity-mean', owner: /^hall/ })] }),
    lines(quantity('return-humidity'), { unit: '%RH', targets: [series({ quantity: 'return-humidity', owner: pac })] }),
  ],
}); // prettier-ignore
