import type { Model } from '../../../config/model.ts';
import { healthView, type HealthView } from '../../contracts/system.ts';
import { publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { iso, isoOrNull } from '../../../core/time.ts';

/** One part tells how it is; asked at every request, so it must be cheap and must not throw. */
export type HealthPart = () => HealthView['parts'][number];

export interface HealthServices {
  readonly model: Pick<Model, 'field'>;
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly healthParts: readonly HealthPart[];
  /** When the trial alarm last became a message, epoch ms. */
  readonly trialPassedAt?: () => number | null;
}

const worstFirst = ['down', 'degraded', 'ok'] as const;

export function healthEndpoint({
  model,
  version,
  startedAt,
  healthParts,
  trialPassedAt,
}: HealthServices): Endpoint {
  return publicEndpoint({
    method: 'get',
    path: '/health',
    summary: 'Which part is unwell',
    input: {},
    output: healthView,
    handler() {
      const parts = healthParts.map((part) => part());
      const status = worstFirst.find((each) => parts.some((part) => part.status === each)) ?? 'ok';
      return {
        status,
        field: model.field,
        startedAt: iso(startedAt),
        version,
        trialPassedAt: isoOrNull(trialPassedAt?.() ?? null),
        parts,
      };
    },
  });
}
