import { readFileSync } from 'node:fs';
import { connectionOf } from '../config/build/address.ts';
import type { Device } from '../config/model.ts';

/** Descriptors that files, the store, pages and open answers take besides the field's sockets. */
const reserve = 500;

/** Sockets that these devices need at once: one an agent (SNMP, by host and port), a gateway (Modbus) or a broker (MQTT). */
export function socketsNeeded(devices: readonly Device[]): number {
  const places = devices.flatMap(({ address }) => {
    if (address.protocol === 'push') return [];
    if (address.protocol === 'mqtt') return address.broker.key;
    if (address.protocol === 'modbus') return `modbus ${connectionOf(address)}`;
    return `snmp ${address.host}:${address.port}`;
  });
  return new Set(places).size;
}

/** What to do if the system grants fewer file descriptors than are needed; undefined if all is well or nobody knows. */
export function descriptorRemedy(needed: number, limits = readLimits()): string | undefined {
  // Node raises the soft limit to the hard one by itself, so only the hard one counts.
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits ?? '')?.[1];
  const wanted = needed + reserve;
  if (hard === undefined || Number(hard) >= wanted) return undefined;
  return `${needed} sockets are needed but at most ${hard} files may be open: set LimitNOFILE=${wanted} (systemd) or "ulimit -Hn ${wanted}"`;
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
