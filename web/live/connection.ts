import { io, type Socket } from 'socket.io-client';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { ClientToServer, PastReply, ServerToClient } from '../../server/contracts/live.ts';
import { onBeat, onRoundTrip, onTime, onValues, startLink, type LinkState } from './link.ts';
import { PointStore } from './store.ts';

/** The page's live connection, from sign-in to sign-out. */
export interface Live {
  readonly store: PointStore;
  readonly link: () => LinkState;
  readonly onLink: (listener: () => void) => () => void;
  /** The server's time now, epoch ms. */
  readonly now: () => number;
  /** What points were at a time, epoch ms; rejects while there is no connection. The same list again costs nothing to send. */
  readonly past: (at: number, points: readonly string[]) => Promise<PastReply>;
  /** A wall has painted so many frames since its last report. */
  readonly painted: (frames: number) => void;
  readonly open: () => void;
  readonly close: () => void;
}

export interface LiveOptions {
  readonly onIncident: (incident: IncidentSummary) => void;
  /** After every connect; `again`: there was one before, and what came over HTTP may be old. */
  readonly onConnect: (again: boolean) => void;
  /** Checks whether the session is still valid; called when the server refuses the socket. */
  readonly onRefused: () => void;
}

const retryMs = 2_000;
const pastTimeoutMs = 15_000;
/** Components mount in bursts: one list for all of them. */
const watchDelayMs = 30;

/** Made closed. Once opened it connects to `/live` and stays so: it watches again after every reconnect, and a page is never reloaded. */
export function createLive(options: LiveOptions): Live {
  let link = startLink(Date.now());
  /** The list that positions of arriving values refer to: the server's, which changes with its answer. */
  let watched: readonly string[] = [];
  let asked: readonly string[] = [];
  let hasConnected = false;
  /** The points of the last question about the past on this connection: thousands of names, sent once. */
  let pastPoints: readonly string[] | undefined;
  let watchTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const socket: Socket<ServerToClient, ClientToServer> = io({
    path: '/live',
    autoConnect: false,
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 2_000,
    timeout: 5_000,
  });

  const setLink = (next: LinkState): void => {
    if (next === link) return;
    link = next;
    for (const listener of listeners) listener();
  };
  const now = (): number => Date.now() + link.offsetMs;
  const store = new PointStore({
    schedule: (flush) => requestAnimationFrame(flush),
    onWatchChange: () => {
      watchTimer ??= setTimeout(sendWatch, watchDelayMs);
    },
  });

  function sendWatch(): void {
    watchTimer = undefined;
    if (!socket.connected) return;
    const wanted = store.watched();
    // A shorter list is not worth asking again: what is no longer shown is dropped on arrival.
    if (!isSubset(wanted, asked)) ask(wanted);
  }
  function ask(wanted: readonly string[]): void {
    const askedAt = performance.now();
    asked = wanted;
    socket.emit('watch', wanted, (reply) => {
      setLink(onRoundTrip(link, performance.now() - askedAt));
      if (!('values' in reply)) return;
      watched = wanted;
      store.apply(wanted, reply.values, now());
    });
  }

  socket.on('connect', () => {
    watched = [];
    asked = [];
    pastPoints = undefined;
    ask(store.watched());
    options.onConnect(hasConnected);
    hasConnected = true;
  });
  socket.on('connect_error', () => {
    // Refused by the server (not by the network): socket.io gives up, a wall must not.
    if (socket.active) return;
    options.onRefused();
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => socket.connect(), retryMs);
  });
  socket.on('disconnect', (reason) => {
    if (reason !== 'io server disconnect') return;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => socket.connect(), retryMs);
  });
  socket.on('values', (values) => {
    setLink(onValues(link, Date.now()));
    store.apply(watched, values, now());
  });
  socket.on('beat', (beat) => {
    setLink(onBeat(link, beat, Date.now()));
  });
  socket.on('incident', options.onIncident);

  let timers: readonly ReturnType<typeof setInterval>[] = [];
  function watchTime(): void {
    timers = [
      setInterval(() => {
        setLink(onTime(link, Date.now()));
      }, 100),
      setInterval(() => {
        store.tick(now());
      }, 1_000),
    ];
  }

  return {
    store,
    link: () => link,
    onLink: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now,
    past: (at, points) =>
      new Promise((resolve, reject) => {
        if (!socket.connected) {
          reject(new Error('there is no connection'));
          return;
        }
        const isKnown = points === pastPoints;
        pastPoints = points;
        socket.timeout(pastTimeoutMs).emit('past', at, isKnown ? null : points, (error, reply) => {
          if (error instanceof Error) reject(error);
          else resolve(reply);
        });
      }),
    painted: (frames) => {
      // Volatile: what could not be sent is not sent later, when it would no longer be true.
      socket.volatile.emit('painted', frames);
    },
    open: () => {
      link = startLink(Date.now());
      watchTime();
      socket.connect();
    },
    close: () => {
      for (const timer of timers) clearInterval(timer);
      clearTimeout(watchTimer);
      clearTimeout(retryTimer);
      socket.close();
    },
  };
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all);
  return some.every((id) => known.has(id));
}
