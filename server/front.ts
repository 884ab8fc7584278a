import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { livePath } from './contracts/live.ts';

/**
 * The server that listens. Requests go on to the services of the present configuration, which are replaced at a reload;
 * while they are, requests wait, and none is refused.
 */
export interface Front {
  readonly server: Server;
  /** Sends what waits, and everything from now on, to these services. */
  open(target: Server): void;
  /** New requests wait from now on; resolves when those that run are answered, after `patienceMs` at the latest. */
  hold(patienceMs: number): Promise<void>;
  /** What waits is cut off, and so is what still comes. */
  refuse(): void;
}

interface Waiting {
  readonly socket: Duplex;
  readonly send: (to: Server) => void;
}

export function createFront(): Front {
  let target: Server | undefined;
  let waiting: Waiting[] = [];
  let refusing = false;
  let running = 0;
  let idle: (() => void) | undefined;

  function forward(each: Waiting): void {
    if (refusing) each.socket.destroy();
    else if (target === undefined) waiting.push(each);
    else each.send(target);
  }

  function pass(request: IncomingMessage, response: ServerResponse, to: Server): void {
    // A long poll of the live socket ends when the socket does.
    if (request.url?.startsWith(livePath) !== true) {
      running += 1;
      response.once('close', () => {
        running -= 1;
        if (running === 0) idle?.();
      });
    }
    to.emit('request', request, response);
  }

  const server = createServer((request, response) =>
    forward({ socket: request.socket, send: (to) => pass(request, response, to) }),
  );
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Nothing else listens for its errors while it waits.
    socket.on('error', () => socket.destroy());
    forward({ socket, send: (to) => to.emit('upgrade', request, socket, head) });
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(refusalOf(error.code));
  });

  return {
    server,
    open(to) {
      target = to;
      const held = waiting;
      waiting = [];
      for (const { send } of held) send(to);
    },
    async hold(patienceMs) {
      target = undefined;
      if (running === 0) return;
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, patienceMs);
        idle = () => {
          clearTimeout(patience);
          resolve();
        };
      });
      idle = undefined;
    },
    refuse() {
      refusing = true;
      for (const { socket } of waiting.splice(0)) socket.destroy();
    },
  };
}

/** What Node cannot parse never becomes a request, so nobody else can say what is wrong. */
function refusalOf(code: string | undefined): string {
  const tooLong = code === 'HPE_HEADER_OVERFLOW';
  const [status, title, detail] = tooLong
    ? [
        431,
        'Request Header Fields Too Large',
        'the address with its parameters and headers is longer than 16 kB; ask for fewer things at once',
      ]
    : code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout', 'the request did not arrive in time']
      : [400, 'Bad Request', 'this is no HTTP request'];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  return `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
