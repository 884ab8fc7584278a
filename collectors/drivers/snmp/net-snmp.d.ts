/** What this project uses of net-snmp 3.29, which has no types of its own. */
declare module 'net-snmp' {
  interface Varbind {
    readonly oid: string;
    readonly type: number;
    readonly value: number | string | boolean | Buffer | null;
  }

  interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol?: number | undefined;
    readonly authKey?: string | undefined;
    readonly privProtocol?: number | undefined;
    readonly privKey?: string | undefined;
  }

  /** The part of dgram.Socket that a session calls. */
  interface DatagramSocket {
    on(event: string, listener: (...args: unknown[]) => void): unknown;
    send(
      datagram: Buffer,
      offset: number,
      length: number,
      port: number,
      address: string,
      callback: (error: Error | null, bytes: number) => void,
    ): void;
    bind(port?: number, address?: string): void;
    ref(): void;
    unref(): void;
    close(): void;
  }

  interface SessionOptions {
    readonly version: number;
    readonly port: number;
    readonly transport: 'udp4' | 'udp6';
    readonly timeout: number;
    readonly retries: number;
    readonly dgramModule: { createSocket(type: string): DatagramSocket };
  }

  type Callback<T> = (error: Error | null, result: T) => void;

  interface Session {
    get(oids: readonly string[], callback: Callback<Varbind[]>): void;
    getNext(oids: readonly string[], callback: Callback<Varbind[]>): void;
    getBulk(
      oids: readonly string[],
      nonRepeaters: number,
      maxRepetitions: number,
      callback: Callback<Varbind[][]>,
    ): void;
    cancelRequests(error: Error): void;
    close(): void;
    on(event: 'error', listener: (error: Error) => void): void;
  }

  /** A trap or inform; only a v1 trap has an enterprise. */
  interface TrapPdu {
    readonly type: number;
    readonly enterprise?: string;
    readonly generic?: number;
    readonly specific?: number;
    readonly varbinds: readonly Varbind[];
    /** Whichever it was accepted by. */
    readonly community?: string;
    readonly user?: string;
  }

  interface Receiver {
    getAuthorizer(): { addCommunity(community: string): void; addUser(user: User): void };
    close(): void;
  }

  interface ReceiverOptions {
    readonly port: number;
    readonly includeAuthentication: boolean;
    readonly dgramModule: { createSocket(type: string): DatagramSocket };
  }

  interface RequestFailedError extends Error {
    /** errorStatus of the agent's answer. */
    readonly status: number;
  }

  interface RequestTimedOutError extends Error {
    readonly name: 'RequestTimedOutError';
  }

  const snmp: {
    createSession(target: string, community: string, options: SessionOptions): Session;
    createV3Session(target: string, user: User, options: SessionOptions): Session;
    createReceiver(options: ReceiverOptions, callback: Callback<{ readonly pdu: TrapPdu }>): Receiver;
    isVarbindError(varbind: Varbind): boolean;
    readonly Version1: number;
    readonly Version2c: number;
    readonly Version3: number;
    readonly ObjectType: {
      readonly OctetString: number;
      readonly OID: number;
      readonly Opaque: number;
      readonly Counter64: number;
    };
    readonly PduType: { readonly InformRequest: number };
    readonly ErrorStatus: { readonly TooBig: number; readonly NoSuchName: number };
    readonly SecurityLevel: {
      readonly noAuthNoPriv: number;
      readonly authNoPriv: number;
      readonly authPriv: number;
    };
    readonly AuthProtocols: Readonly<Record<string, number>>;
    readonly PrivProtocols: Readonly<Record<string, number>>;
    readonly RequestFailedError: new (message: string, status: number) => RequestFailedError;
    readonly RequestTimedOutError: new (message: string) => RequestTimedOutError;
  };
  export default snmp;
  export type {
    DatagramSocket,
    Receiver,
    RequestFailedError,
    Session,
    SessionOptions,
    TrapPdu,
    User,
    Varbind,
  };
}
