import type { Fault } from '../driver.ts';
import type { Agent } from './agent.ts';
import type { TypedFound, Patience } from './ask.ts';
import { CommunityConnection } from './community.ts';
import type { Deadline } from './request.ts';
import { type Credentials, UsmConnection } from './usm.ts';
import type { Cell } from './cells.ts';

/** A conversation with one agent under one community or user. Its requests reject with AgentError or FieldError. */
export interface Connection {
  /**
   * One GET: a cell for each OID, in their order; fewer cells if the agent answered fewer. The request is encoded
   * once for an array, which must not change.
   */
  get(oids: readonly string[], deadline: Deadline): Promise<readonly Cell[]>;
  /** What follows an OID: at most so many by a GETBULK, or one where the version has no other. */
  following(oid: string, repetitions: number, deadline: Deadline): Promise<readonly TypedFound[]>;
  /** Idempotent. */
  close(): void;
}

export interface ConnectionOptions extends Patience {
  readonly agent: Agent;
  readonly credentials: Credentials;
  readonly onFault: (fault: Fault) => void;
}

/** Resolves the name and opens the socket. Rejects with FieldError `refused`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { agent, credentials } = options;
  await agent.join();
  return credentials.version === '3'
    ? new UsmConnection(options, credentials)
    : new CommunityConnection(options, credentials);
}
