import { Histogram, type Registry } from 'prom-client';
import type { NotifyService } from './service.ts';

/** How fast pages leave: from the sample in the field to the channel's receipt (SMTP 250), for pages that nothing held back. */
export function addPageMetrics(registry: Registry, notify: Pick<NotifyService, 'onHandedOver'>): void {
  const seconds = new Histogram({
    name: 'pantau_page_handoff_seconds',
    help: 'From the sample, after the delay of its rule, to the receipt of the page by its channel',
    labelNames: ['channel'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers: [registry],
  });
  notify.onHandedOver((delayMs, channel) => seconds.observe({ channel }, delayMs / 1_000));
}
