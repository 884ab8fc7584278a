import { board, lines, stateBars } from '../panels.ts';
import { series, states } from '../query.ts';
import { quantity } from '../texts.ts';

const ups = /^ups-/;
const ats = /^ats-/;

export const powerBoard = board({
  uid: 'pantau-listrik',
  title: 'Pantau DC · Rantai daya',
  description: 'Dari PLN melalui ATS dan UPS sampai ke sumber A dan B.',
  path: '/situs/${situs}',
  panels: [
    lines('Tegangan fasa tertinggi PLN', { unit: 'V', below: 195.5, description: 'Di bawah 195,5 V (EN 50160: 230 V − 15 %) sumber dianggap padam.', targets: [series({ quantity: 'voltage-max' })] }),
    lines('Daya penyulang PLN', { unit: 'kW', targets: [series({ quantity: 'power', owner: /^pln-/, part: '' })] }),
    stateBars('Posisi ATS', { targets: [states({ quantity: 'position', owner: ats })], names: ['source-1', 'source-2', 'off'], abnormal: ['source-2', 'off'] }),
    stateBars('Sumber keluaran UPS', { targets: [states({ quantity: 'output-source', owner: ups })], names: ['normal', 'battery', 'bypass', 'booster', 'reducer', 'none', 'other'], abnormal: ['battery', 'bypass', 'none'] }),
    lines('Daya keluaran UPS', { unit: 'kW', targets: [series({ quantity: 'output-power', owner: ups, part: '' })] }),
    lines('Beban keluaran UPS per fasa', { unit: '%', above: 80, targets: [series({ quantity: 'output-load', owner: ups })] }),
    lines(quantity('battery-charge'), { unit: '%', targets: [series({ quantity: 'battery-charge', owner: ups })] }),
    lines(quantity('autonomy'), { unit: 's', targets: [series({ quantity: 'autonomy', owner: ups })] }),
    lines(quantity('battery-temperature'), { unit: '°C', targets: [series({ quantity: 'battery-temperature', owner: ups })] }),
    lines('Daya sumber A dan B', { unit: 'kW', targets: [series({ quantity: 'power', owner: /^site$/ })] }),
  ],
}); // prettier-ignore
