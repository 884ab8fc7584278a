import type { Address } from '../../config/model.ts';
import { FieldError } from '../drivers/driver.ts';
import { CellReader } from '../drivers/snmp/cells.ts';
import { Agents } from '../drivers/snmp/agent.ts';
import { openConnection } from '../drivers/snmp/connection.ts';
import { withDeadline } from '../drivers/snmp/deadline.ts';
import { resolveAccess } from '../drivers/snmp/user.ts';

export type SnmpAddress = Extract<Address, { protocol: 'snmp' }>;

export interface Patience {
  /** For one attempt at one request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where the keys of v3 stand. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Talks to an agent outside any plan, and closes; rejects with the failure when it never answered. */
export async function converse<T>(
  address: SnmpAddress,
  patience: Patience,
  talk: (reader: CellReader) => Promise<T>,
): Promise<T> {
  const { host, port, access } = address;
  const credentials = resolveAccess(access, patience.env);
  const connection = await openConnection({
    agent: new Agents().at(host, port),
    credentials,
    onFault: () => undefined,
    timeoutMs: patience.timeoutMs,
    retries: 1,
  });
  try {
    return await withDeadline(patience.signal, Infinity, async (deadline) => {
      const reader = new CellReader(connection, deadline, 10);
      const result = await talk(reader);
      const { failure } = reader;
      if (!reader.answered && failure !== undefined)
        throw new FieldError(failure.kind, `${host}:${port}: ${failure.message}`, { cause: failure });
      return result;
    });
  } finally {
    connection.close();
  }
}
