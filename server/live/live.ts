import { siblings } from '../../config/lookup.ts';
import { unknownName } from '../../core/names.ts';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { callbackify } from 'node:util';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Model } from '../../config/model.ts';
import { instantOf, type Clock } from '../../core/clock.ts';
import { good, type Reading } from '../../core/reading.ts';
import { type Auth, isForeignOrigin } from '../auth/auth.ts';
import { holds, type Identity } from '../auth/identity.ts';
import type { IncidentSummary } from '../contracts/incidents.ts';
import {
  livePath,
  watchLimit,
  type ClientToServer,
  type LiveValues,
  type PastReply,
  type ServerToClient,
  type WatchReply,
} from '../contracts/live.ts';
import type { CurrentValues } from '../pipeline/current.ts';
import { pastList, pastValues, type Past, type PastList } from './past.ts';
import type { Walls } from './walls.ts';
import { latencyWindow } from '../../core/latency.ts';
import { createWatchGroups, type Member } from './watch-groups.ts';
import { changeDetector, noPoint } from './watch-list.ts';

/** A changed state or safety value leaves within one tick, everything else with the round of every fourth. */
const tickMs = 100;
const ticksPerRound = 4;
const ticksPerBeat = 10;
/** How often an open connection is authenticated again: a removed user or an ended session is out within this time. */
const ticksPerRecheck = 100;

/** What admission found out of a connection. */
interface Admitted {
  sites: readonly string[] | undefined;
}
type LiveServer = Server<ClientToServer, ServerToClient, Record<string, never>, Admitted>;
type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Admitted>;

export interface LiveOptions {
  readonly httpServer: HttpServer;
  readonly model: Model;
  readonly current: CurrentValues;
  readonly auth: Pick<Auth, 'socketIdentity'>;
  /** `of`: only those it holds for. */
  readonly openIncidents: (of: (incident: { readonly site: string }) => boolean) => number;
  readonly past: Past;
  readonly walls: Pick<Walls, 'painted'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The socket of `contracts/live`. */
export interface Live {
  /** Call after `current` holds the readings. */
  publish(readings: readonly Reading[]): void;
  publishIncident(summary: IncidentSummary): void;
  clients(): number;
  /** Disconnects everyone; leaves the HTTP server alone. */
  close(): Promise<void>;
}

interface Client extends Member {
  readonly socket: LiveSocket;
  /** What the user is limited to; undefined: nothing. */
  readonly sites: readonly string[] | undefined;
  /** The newest request that is not answered yet; an older one is refused. */
  asked: Asked | undefined;
  /** Requests in the present second. */
  requests: number;
  /** A question about the past is being answered. */
  looksBack: boolean;
  /** The points of its last question about the past. */
  past: PastList | undefined;
}

interface Asked {
  readonly points: unknown;
  readonly answer: (reply: WatchReply) => void;
}

/** A page asks again when another part of it opens; more requests than this in a second are refused. */
const requestsPerSecond = 20;

export function createLive(options: LiveOptions): Live {
  const { httpServer, model, current, clock, log } = options;
  const io: LiveServer = new Server(httpServer, {
    path: livePath,
    serveClient: false,
    // A list of 60,000 point ids.
    maxHttpBufferSize: 4_000_000,
    allowRequest: (request, callback) =>
      callback(null, !isForeignOrigin(request.headers, request.headers.host)),
  });
  const clients = new Set<Client>();
  const latency = latencyWindow();
  const groups = createWatchGroups<Client>({ points: model.points.length, current, send });
  const isUrgent = changeDetector(model);
  const stop = new AbortController();

  async function admit(socket: LiveSocket): Promise<void> {
    const known = await identify(socket, options.auth).catch((error: unknown) => {
      log.error({ err: error }, 'live: sign-in could not be checked');
      throw new Error('unavailable');
    });
    if (known === undefined) throw new Error('unauthorized');
    socket.data.sites = known.sites;
  }
  io.use((socket, next) => callbackify(admit)(socket, next));

  io.on('connection', (socket) => {
    const client: Client = {
      id: socket.id,
      socket,
      isReady: () => socket.conn.transport.writable,
      sites: socket.data.sites,
      asked: undefined,
      requests: 0,
      looksBack: false,
      past: undefined,
    };
    clients.add(client);
    socket.on('disconnect', () => {
      clients.delete(client);
      groups.leave(client);
    });
    socket.on('watch', (points: unknown, answer: unknown) => {
      if (typeof answer !== 'function') return;
      if (asksTooMuch(client)) return;
      client.asked?.answer({ error: 'another request came before this one was answered' });
      client.asked = { points, answer: (reply) => void answer(reply) };
      answerWatch(client);
    });
    socket.on('painted', (frames: unknown) => {
      if (typeof frames === 'number' && frames > 0 && !asksTooMuch(client)) void notePainted(client);
    });
    socket.on('past', (at: unknown, points: unknown, answer: unknown) => {
      if (typeof answer !== 'function' || asksTooMuch(client)) return;
      void answerPast(client, { at, points }).then((reply) => void answer(reply));
    });
  });

  function asksTooMuch(client: Client): boolean {
    client.requests += 1;
    if (client.requests <= requestsPerSecond) return false;
    const { socket } = client;
    log.warn({ address: socket.handshake.address }, 'live: a client asks without end and is cut off');
    socket.disconnect(true);
    return true;
  }

  /** Only walls are missed when they stop: a desk's page is closed at will. */
  async function notePainted({ socket }: Client): Promise<void> {
    try {
      const identity = await identityOf(socket, options.auth);
      if (identity?.role === 'wall') await options.walls.painted(identity.name);
    } catch (error) {
      log.error({ err: error }, 'live: a wall that paints could not be noted');
    }
  }

  /** Never rejects. It reads the store, so a client has one question open at a time. */
  async function answerPast(
    client: Client,
    asked: { readonly at: unknown; readonly points: unknown },
  ): Promise<PastReply> {
    const at = z.number().safeParse(asked.at);
    if (!at.success) return { error: 'past takes a time in epoch ms and a list of point ids' };
    if (asked.points !== null) {
      const watched = watchedPoints(model, asked.points, client.sites);
      if ('error' in watched) return watched;
      client.past = pastList(model, watched.indices);
    }
    const list = client.past;
    if (list === undefined) return { error: 'the first question about the past names its points' };
    if (client.looksBack) return { error: 'the last question about the past is not answered yet' };
    client.looksBack = true;
    try {
      return await pastValues(options.past, {
        model,
        list,
        at: at.data,
        now: clock.now(),
      });
    } catch (error) {
      log.error({ err: error }, 'live: the past could not be read');
      return { error: 'the readings of that time cannot be read now' };
    } finally {
      client.looksBack = false;
    }
  }

  /** A full picture may be megabytes: one at a time, and none for a client that has not taken the last packet. */
  function answerWatch(client: Client): void {
    const { asked } = client;
    if (asked === undefined || !client.isReady()) return;
    client.asked = undefined;
    const watched = watchedPoints(model, asked.points, client.sites);
    if ('error' in watched) {
      asked.answer(watched);
      return;
    }
    const { unknown } = watched;
    const values = groups.watch(client, watched.indices);
    asked.answer({ values, ...(unknown.length === 0 ? {} : { unknown }) });
  }

  /** One packet for all of them: it is made text once. */
  function send(to: readonly Client[], values: LiveValues): void {
    const { at: now, monotonic } = instantOf(clock);
    // A value that is bad or turned stale has an old time and does not measure the latency to here.
    for (const [place, at] of values.at.entries())
      if (values.quality[place] === good) latency.add(monotonic, now - at);
    io.local.to(to.map(({ id }) => id)).emit('values', values);
  }

  async function recheck(client: Client): Promise<void> {
    try {
      const known = await identify(client.socket, options.auth);
      // Who is limited to other sites than before connects again, and asks again for what may be seen.
      const isSame = known !== undefined && String(known.sites) === String(client.sites);
      if (!isSame) client.socket.disconnect(true);
    } catch (error) {
      log.error({ err: error }, 'live: sign-in could not be checked again');
    }
  }

  function tick(count: number): void {
    // Before the values and never dropped: right after them the transport is busy, and a page without beats takes the server for dead.
    // A client that stalls for good is cut by socket.io's own ping; until then it holds a beat a second.
    if (count % ticksPerBeat === 0) {
      const beat = { serverTime: clock.now(), latency: latency.figures(clock.monotonic()) };
      const every = options.openIncidents(() => true);
      for (const client of clients) {
        const { socket, sites } = client;
        const openIncidents =
          sites === undefined ? every : options.openIncidents(({ site }) => sees(client, site));
        socket.emit('beat', { ...beat, openIncidents });
      }
    }
    for (const client of clients) {
      if (count % ticksPerBeat === 0) client.requests = 0;
      answerWatch(client);
    }
    groups.flush(count % ticksPerRound === 0);
    if (count % ticksPerRecheck === 0) for (const client of clients) void recheck(client);
  }

  async function run(): Promise<void> {
    for (let count = 1, due = clock.monotonic() + tickMs; !stop.signal.aborted; count += 1) {
      await clock.sleep(due - clock.monotonic(), stop.signal);
      if (!stop.signal.aborted) tick(count);
      due = Math.max(due + tickMs, clock.monotonic());
    }
  }
  const running = run();

  return {
    publish(readings) {
      for (const reading of readings) groups.mark(reading.point, isUrgent(reading));
    },
    publishIncident(summary) {
      for (const client of clients) if (sees(client, summary.site)) client.socket.emit('incident', summary);
    },
    clients: () => clients.size,
    async close() {
      stop.abort();
      await running;
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

function sees({ sites }: Pick<Client, 'sites'>, site: string): boolean {
  return sites === undefined || sites.includes(site);
}

/** Those who may read the same over HTTP: every user's role; a collector may only deliver. */
async function identify(socket: LiveSocket, auth: LiveOptions['auth']): Promise<Identity | undefined> {
  const identity = await identityOf(socket, auth);
  return identity !== undefined && holds(identity.role, 'wall') ? identity : undefined;
}

function identityOf(socket: LiveSocket, auth: LiveOptions['auth']): Promise<Identity | undefined> {
  const request: IncomingMessage = socket.request;
  const token = z.object({ token: z.string() }).safeParse(socket.handshake.auth).data?.token;
  return auth.socketIdentity(request, token);
}

/** Looking for the nearest name is expensive; a page has a few unknown ids, not thousands. */
const mostExplained = 20;

const pointList = z.array(z.string()).max(watchLimit);

type Watched =
  | {
      readonly indices: Int32Array;
      readonly unknown: { readonly position: number; readonly message: string }[];
    }
  | { readonly error: string };

/** A point that has left the configuration leaves a gap in the list; the rest of the page is unaffected. */
function watchedPoints(model: Model, input: unknown, sites: Client['sites']): Watched {
  const parsed = pointList.safeParse(input);
  if (!parsed.success) return { error: `watch takes a list of at most ${watchLimit} point ids` };
  const indices = new Int32Array(parsed.data.length);
  const unknown: { position: number; message: string }[] = [];
  for (const [position, id] of parsed.data.entries()) {
    const known = model.pointById.get(id);
    // Of a site that may not be seen, as if there were none.
    const point = known === undefined || !sees({ sites }, known.site) ? undefined : known;
    indices[position] = point?.index ?? noPoint;
    if (point === undefined && unknown.length < mostExplained)
      unknown.push({
        position,
        message: unknownName('point', id, sees({ sites }, id.split('/')[0] ?? '') ? siblings(model, id) : []),
      });
  }
  return { indices, unknown };
}
