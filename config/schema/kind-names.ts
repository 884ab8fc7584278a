import type { DeviceKind, Label } from './common.ts';

/** What a device of each kind is called. */
export const kindNames: Readonly<Record<DeviceKind, Label>> = {
  ups: { id: 'UPS', en: 'UPS' },
  pac: { id: 'PAC', en: 'PAC' },
  vesda: { id: 'Detektor asap', en: 'Smoke detector' },
  genset: { id: 'Genset', en: 'Genset' },
  ats: { id: 'ATS', en: 'ATS' },
  pdu: { id: 'PDU', en: 'PDU' },
  meter: { id: 'Meter daya', en: 'Power meter' },
  env: { id: 'Sensor iklim', en: 'Climate sensor' },
  leak: { id: 'Detektor air', en: 'Water detector' },
  door: { id: 'Pintu', en: 'Door' },
  'fire-panel': { id: 'Panel kebakaran', en: 'Fire panel' },
  cctv: { id: 'Perekam CCTV', en: 'CCTV recorder' },
  'fuel-tank': { id: 'Tangki bahan bakar', en: 'Fuel tank' },
  router: { id: 'Router', en: 'Router' },
};
