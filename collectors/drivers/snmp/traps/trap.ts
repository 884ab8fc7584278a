import type { TrapPdu } from 'net-snmp';
import type { Found } from '../answer.ts';
import { toCell } from '../varbind.ts';

/** A trap or inform of any version. */
export interface Trap {
  /** Its snmpTrapOID, dotted. */
  readonly oid: string;
  readonly varbinds: readonly Found[];
}

const trapOid = '1.3.6.1.6.3.1.1.4.1.0';
/** Above coldStart (1) … egpNeighborLoss (6). */
const genericTraps = '1.3.6.1.6.3.1.1.5';
const enterpriseSpecific = 6;

/** What a PDU says; undefined if it does not say which trap it is. A trap of v1 is turned by RFC 3584, 3.1. */
export function trapOf(pdu: Omit<TrapPdu, 'type'>): Trap | undefined {
  const varbinds = pdu.varbinds.map((each): Found => ({ oid: each.oid, cell: toCell(each, each.oid) }));
  const oid = pdu.generic === undefined ? oidOfV2(varbinds) : oidOfV1(pdu);
  return oid === undefined ? undefined : { oid, varbinds };
}

function oidOfV2(varbinds: readonly Found[]): string | undefined {
  const raw = varbinds.find(({ oid }) => oid === trapOid)?.cell.raw;
  return typeof raw === 'string' && /^\d+(\.\d+)+$/.test(raw) ? raw : undefined;
}

function oidOfV1({ enterprise, generic = -1, specific = -1 }: Omit<TrapPdu, 'type'>): string | undefined {
  if (generic >= 0 && generic < enterpriseSpecific) return `${genericTraps}.${generic + 1}`;
  if (generic !== enterpriseSpecific || typeof enterprise !== 'string' || specific < 0) return undefined;
  return `${enterprise}.0.${specific}`;
}
