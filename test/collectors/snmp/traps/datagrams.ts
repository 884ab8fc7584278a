import { element, oidBytes, tags } from '../../../../collectors/drivers/snmp/ber.ts';

/** Traps as agents send them, for tests that need to bend them; whole ones come from Debian's snmptrap. */
export type TrapVarbind = readonly [oid: string, value: Buffer];

const oid = (text: string): Buffer => element(tags.oid, oidBytes(text));
export const text = (value: string): Buffer => element(tags.octets, Buffer.from(value, 'latin1'));
export const integer = (value: number, tag: number = tags.integer): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return element(tag, bytes);
};

const list = (varbinds: readonly TrapVarbind[]): Buffer =>
  element(tags.sequence, ...varbinds.map(([name, value]) => element(tags.sequence, oid(name), value)));

export function trapV2(trap: string, varbinds: readonly TrapVarbind[], community = 'public'): Buffer {
  const head: TrapVarbind[] = [
    ['1.3.6.1.2.1.1.3.0', integer(4_711, tags.timeTicks)],
    ['1.3.6.1.6.3.1.1.4.1.0', oid(trap)],
  ];
  const pdu = element(0xa7, integer(1), integer(0), integer(0), list([...head, ...varbinds]));
  return element(tags.sequence, integer(1), text(community), pdu);
}

export function trapV1(
  { enterprise, generic, specific }: { enterprise: string; generic: number; specific: number },
  varbinds: readonly TrapVarbind[],
  community = 'public',
): Buffer {
  const agent = element(tags.ipAddress, Buffer.from([127, 0, 0, 1]));
  const what = [integer(generic), integer(specific), integer(4_711, tags.timeTicks)];
  const pdu = element(0xa4, oid(enterprise), agent, ...what, list(varbinds));
  return element(tags.sequence, integer(0), text(community), pdu);
}

/** A trap of v3 with a signature and an encryption of nothing, by an engine of its own; `more` stands in its header, at the end. */
export function forgedV3(user: string, engine: number, ...more: readonly Buffer[]): Buffer {
  const name = Buffer.alloc(12, 0x80);
  name.writeUInt32BE(engine, 8);
  const signature = element(tags.octets, Buffer.alloc(12, 7));
  const salt = element(tags.octets, Buffer.alloc(8, 7));
  const security = element(
    tags.sequence, element(tags.octets, name), integer(1), integer(1), text(user), signature, salt,
  ); // prettier-ignore
  const signedAndEncrypted = element(tags.octets, Buffer.from([3]));
  const head = element(
    tags.sequence,
    integer(engine),
    integer(65_507),
    signedAndEncrypted,
    integer(3),
    ...more,
  );
  const body = element(tags.octets, Buffer.alloc(100, 7));
  return element(tags.sequence, integer(3), head, element(tags.octets, security), body);
}
