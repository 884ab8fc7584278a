import type { Server } from 'node:http';
import compression from 'compression';
import express, { type Express, type Request } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Auth } from '../auth/auth.ts';
import { sessionPath, sitePath, sitesPath } from '../contracts/first-requests.ts';
import { seesSite } from '../auth/identity.ts';
import { signInThrottle } from '../auth/throttle.ts';
import { iclockRouter } from './iclock.ts';
import { apiEndpoints, type ApiServices } from './endpoints/all.ts';
import { checkSiteFilter } from './known.ts';
import { limitedToSites } from './site-limits.ts';
import { siteLookup } from './site-lookup.ts';
import { pointMetrics } from './point-metrics.ts';
import { metricsRouter } from '../http/metrics.ts';
import { mountEndpoints, type MountOptions } from '../http/mount.ts';
import { apiPrefix } from '../http/openapi.ts';
import { problemHandler } from '../http/problem.ts';
import { webRouter } from '../http/web.ts';

export interface HttpOptions extends Omit<ApiServices, 'throttle' | 'auth'> {
  readonly auth: Auth;
  readonly metrics: Registry;
  /** Hours east of UTC that terminals without a time zone are told. */
  readonly timeZoneHours: () => number;
  /** The built page; absent: API only. */
  readonly webFolder?: string | undefined;
  readonly log: Logger;
  /** In tests: outputs are held against what the endpoints declare. */
  readonly checkOutput?: boolean;
}

/** The whole HTTP face: headers, sign-in, API, metrics, page. */
export function createHttpApp(options: HttpOptions): Express {
  const { auth, log, metrics, webFolder, checkOutput = false } = options;
  const app = express();
  // A TLS proxy on this machine tells who really asks, and that it was https.
  app.set('trust proxy', 'loopback');
  app.use(securityHeaders());
  // The fastest level: long lists are ten megabytes, and what a better one saves is less than its time costs.
  app.use(compression({ level: 1 }));
  app.use(iclockRouter({ controllers: options.pushed, timeZoneHours: options.timeZoneHours, log }));
  app.use([apiPrefix, '/metrics'], auth.sessions);
  const identify: MountOptions['identify'] = (request) => auth.identify(request);
  const endpoints = apiEndpoints({ ...options, throttle: signInThrottle() });
  const siteOf = siteLookup(options);
  mountEndpoints(
    app,
    endpoints.map((endpoint) => limitedToSites(endpoint, siteOf)),
    {
      identify,
      session: (request) => auth.session(request),
      log,
      checkOutput,
      audit: (command) => options.auditTrail.record(command),
    },
  );
  app.use('/metrics', metricsRouter({ registry: metrics, points: pointsOf(options), identify, log }));
  if (webFolder !== undefined) app.use(webRouter(webFolder, { preload: preloadOf(options) }));
  app.use((_request, response) => {
    response.status(404).type('text').send('Not found\n');
  });
  app.use(problemHandler(log));
  return app;
}

/** Pages that are shown to who is not signed in. */
const publicPage = /^\/(masuk|akui|verifikasi|kehadiran\/kumpul)(\/|$)/;

/** Who it is and how the sites are laid out that may be seen; nothing for who is not signed in. */
function preloadOf({ auth, model }: HttpOptions): (request: Request) => Promise<readonly string[]> {
  return async (request) => {
    const user = publicPage.test(request.path) ? undefined : await auth.socketIdentity(request, undefined);
    if (user === undefined) return [];
    const seen = model.sites.filter(({ id }) => seesSite(user, id));
    const paths = [sessionPath, sitesPath, ...seen.map(({ id }) => sitePath(id))];
    return paths.map((path) => `${apiPrefix}/${path}`);
  };
}

function pointsOf({
  model,
  current,
  clock,
}: HttpOptions): (site: string | undefined) => AsyncIterable<string> {
  return (site) => {
    checkSiteFilter(site, model);
    const points = model.points.filter((point) => (site ?? point.site) === point.site);
    return pointMetrics({ points, current, now: clock.now() });
  };
}

/** Own bundle only, nothing from elsewhere. Plain http inside the control room must work: no upgrade, no HSTS. */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Charts and floating panels place themselves by style.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
}

/** The server cannot listen; the message says what to do. */
export class ListenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
  }
}

/** Resolves with the port (a free one when 0 was asked); rejects with ListenError. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(remedy(error, host, port), { cause: error }));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function remedy(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `port ${port} of ${host} is in use by another program; stop it, or set PANTAU_PORT to a free port`;
  if (error.code === 'EACCES') return `port ${port} needs privileges; set PANTAU_PORT to one above 1023`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${host} is no address of this machine; set PANTAU_HOST, e.g. to 127.0.0.1 or 0.0.0.0`;
  return `cannot listen on ${host}:${port}: ${error.message}`;
}

const sweepMs = 50;

/** Lets running requests finish for `graceMs`, then cuts what is left. Idempotent. */
export async function closeServer(server: Server, graceMs = 2_000): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection is kept open after its answer; nobody will ask on it any more.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
  });
}
