import { board, latest, lines, stateBars } from '../panels.ts';
import { series, states } from '../query.ts';
import { quantity } from '../texts.ts';

const genset = /^genset-/;

export const gensetBoard = board({
  uid: 'pantau-genset',
  title: 'Pantau DC · Genset dan solar',
  description: 'Kesiapan genset, bahan bakar, dan berapa lama situs bertahan tanpa PLN.',
  path: '/situs/${situs}',
  panels: [
    latest(quantity('endurance'), { unit: 's', span: 8, targets: [series({ quantity: 'endurance' })] }),
    latest('Solar di tangki', { unit: 'L', span: 8, targets: [series({ quantity: 'level', perPoint: false, by: 'min', alias: 'tangki terendah' })] }),
    latest('Genset cadangan', { unit: 'count', span: 8, below: 1, targets: [series({ quantity: 'units-spare', part: 'gensets', by: 'last' })] }),
    stateBars('Status mesin genset', { targets: [states({ quantity: 'engine-state', owner: genset })], names: ['stopped', 'pre-start', 'warming-up', 'running', 'cooling-down', 'post-run'] }),
    stateBars('Mode kendali genset', { targets: [states({ quantity: 'control-mode', owner: genset })], names: ['auto', 'manual', 'test', 'stop'], abnormal: ['manual', 'stop'] }),
    lines('Daya genset', { unit: 'kW', targets: [series({ quantity: 'power', owner: genset, part: '' })] }),
    lines('Isi tangki solar', { unit: 'L', targets: [series({ quantity: 'level' })] }),
    lines('Isi solar harian genset', { unit: '%', targets: [series({ quantity: 'fuel-level', owner: genset })] }),
    lines(quantity('coolant-temperature'), { unit: '°C', targets: [series({ quantity: 'coolant-temperature', owner: genset })] }),
    lines('Tegangan baterai starter', { unit: 'V', targets: [series({ quantity: 'battery-voltage', owner: genset })] }),
    lines(quantity('oil-pressure'), { unit: 'kPa', targets: [series({ quantity: 'oil-pressure', owner: genset })] }),
  ],
}); // prettier-ignore
