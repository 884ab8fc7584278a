import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import { holds } from '../auth/identity.ts';
import type { MountOptions } from './mount.ts';
import { badInput, ProblemError, problemHandler } from './problem.ts';

interface MetricsSources extends Pick<MountOptions, 'identify' | 'log'> {
  /** The server itself. */
  readonly registry: Registry;
  /** The points of a site, or of all, in Prometheus' text format; throws a ProblemError when there is no such site. */
  readonly points: (site: string | undefined) => AsyncIterable<string>;
}

/** For Prometheus, with a token or a session of role viewer and above: `GET /metrics` and `GET /metrics/points?site=`. */
export function metricsRouter({ registry, points, identify, log }: MetricsSources): Router {
  const router = Router();
  /** Who asks, and for which sites; undefined: every site. */
  async function authorise(request: Request): Promise<readonly string[] | undefined> {
    const identity = await identify(request);
    if (identity === undefined || !holds(identity.role, 'viewer')) {
      throw new ProblemError(401, {
        detail: 'give Prometheus a token of role viewer: pantau token create',
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    return identity.sites;
  }
  async function sendServer(request: Request, response: Response): Promise<void> {
    if ((await authorise(request)) !== undefined)
      throw new ProblemError(403, { detail: 'these figures are about every site' });
    response.type(registry.contentType).send(await registry.metrics());
  }
  async function sendPoints(request: Request, response: Response): Promise<void> {
    const sites = await authorise(request);
    const { site = sites?.length === 1 ? sites[0] : undefined, ...others } = request.query;
    const [surplus] = Object.keys(others);
    if (surplus !== undefined) throw badInput(`query.${surplus}`, 'is unknown; only "site" can be given');
    if (site !== undefined && typeof site !== 'string') throw badInput('query.site', 'is given twice');
    if (sites !== undefined && (site === undefined || !sites.includes(site)))
      throw new ProblemError(403, { detail: `name one of your sites: ${sites.join(', ')}` });
    const parts = points(site);
    response.type(registry.contentType);
    await pipeline(Readable.from(parts), response).catch((error: unknown) => {
      // Who asked has gone; the rest was not made.
      if (!response.destroyed) throw error;
    });
  }
  router.get('/', (request, response) => sendServer(request, response));
  router.get('/points', (request, response) => sendPoints(request, response));
  router.use(problemHandler(log));
  return router;
}
