import { createHash } from 'node:crypto';
import type { Address, Device } from '../../config/model.ts';

/** What a comparison was made of: with another one it says nothing any more. */
export interface DeviceIdentity {
  /** Names of the profiles, the device's own first. */
  readonly profile: string;
  /** Hash of what is read, and how it is made a value: of the profiles and of the device's own entry. */
  readonly map: string;
  readonly address: string;
}

/** Texts that say nothing about values, such as the maker's name, may change without a new comparison. */
export function identityOf(device: Device): DeviceIdentity {
  const names = [device.profile, ...(device.completedBy ?? []).map(({ profile }) => profile)].map(
    ({ name }) => name,
  );
  const map = device.points.map(({ part, quantity, unit, source }) => [part ?? '', quantity, unit, source]);
  return {
    profile: names.join(' + '),
    map: createHash('sha256')
      .update(JSON.stringify([names, map], plainly))
      .digest('hex')
      .slice(0, 32),
    address: addressText(device.address, device.instance),
  };
}

/** Expressions have no form in JSON of their own. */
function plainly(_key: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value;
}

function addressText(address: Address, instance: string | undefined): string {
  switch (address.protocol) {
    case 'snmp':
      return `${address.host}:${address.port}${instance === undefined ? '' : ` instance ${instance}`}`;
    case 'modbus':
      return `${'line' in address ? address.line.path : `${address.host}:${address.port}`}/${address.unit}`;
    case 'mqtt':
      return `${address.broker.url} ${address.topic}`;
    case 'push':
      return address.sender;
  }
}
