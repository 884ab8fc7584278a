import { Router, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import { holds } from '../auth/identity.ts';
import type { MountOptions } from './mount.ts';
import { ProblemError, problemHandler } from './problem.ts';

/** `GET /metrics` for Prometheus, with a token or a session of role viewer and above. */
export function metricsRouter(
  registry: Registry,
  { identify, log }: Pick<MountOptions, 'identify' | 'log'>,
): Router {
  const router = Router();
  async function serve(request: Request, response: Response): Promise<void> {
    const identity = await identify(request);
    if (identity === undefined || !holds(identity.role, 'viewer')) {
      throw new ProblemError(401, {
        detail: 'give Prometheus a token of role viewer: pantau token create',
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    response.type(registry.contentType).send(await registry.metrics());
  }
  router.get('/', (request, response) => serve(request, response));
  router.use(problemHandler(log));
  return router;
}
