import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

export interface TrapPlace {
  /** 0: any free one. */
  readonly port: number;
  /** Absent: every address of IPv4; `::`: of both families. */
  readonly host?: string;
}

export interface TrapSocketOptions extends TrapPlace {
  readonly onDatagram: (datagram: Buffer, from: RemoteInfo) => void;
  /** It does not receive, or no longer; one line with the remedy. */
  readonly onProblem: (line: string) => void;
}

/** A socket that listens for traps; what goes wrong with it is told and never thrown. */
export function openTrapSocket({ onDatagram, onProblem, ...place }: TrapSocketOptions): Socket {
  const { port, host = '0.0.0.0' } = place;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('message', onDatagram);
  socket.on('error', (error: NodeJS.ErrnoException) => onProblem(remedy(error, host, port)));
  socket.bind(port, host);
  return socket;
}

function remedy({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const head = `SNMP traps are not received: UDP port ${port} of ${host}`;
  if (code === 'EADDRINUSE')
    return `${head} is in use by another program (snmptrapd?); stop that one, or set PANTAU_TRAP_PORT to a free port and have the devices send there`;
  if (code === 'EACCES')
    return `${head} is not permitted to this user; grant it (CAP_NET_BIND_SERVICE), or set PANTAU_TRAP_PORT to a port above 1023 and have the devices send there`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${head} is no address of this machine; correct traps.host in pantau.yaml`;
  return `${head}: ${code ?? message}`;
}
