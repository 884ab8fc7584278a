import { decodeRaw } from '../../../collectors/profile/decode.ts';
import { good, qualityCode, type Reading } from '../../../core/reading.ts';
import { incidentSummary, type IncidentSummary } from '../../../server/contracts/incidents.ts';
import { page as pageOf } from '../../../server/contracts/common.ts';
import { plantStateView } from '../../../server/contracts/plant-states.ts';
import type { DrillInput } from '../../../server/contracts/system.ts';
import { encodeRaw, nonsense } from '../../../simulator/encode.ts';
import { Field } from '../../../simulator/field.ts';
import { shippedModel, startServer } from '../../server/support/server.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** 10.00 WIB of a working day. */
const morning = Date.UTC(2026, 10, 23, 3);
const pollMs = 5_000;
const silence = qualityCode('timeout');

/** One site on a clock of its own: its devices are read every five seconds into the server as the product wires it. */
export interface FastSite {
  /** Declares a load test of the site; what is returned ends it. */
  declare(): Promise<() => Promise<void>>;
  start(name: DrillInput['name'], minutes?: number): void;
  stop(name: DrillInput['name']): void;
  /** Five seconds of the site. */
  pass(): Promise<void>;
  /** The incidents of the site that are open. */
  incidents(): Promise<readonly IncidentSummary[]>;
  /** Acknowledges what is open, and resets what is latched and over. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function startFastSite(site: string): Promise<FastSite> {
  const model = shippedModel();
  const clock = createFakeClock(morning);
  const field = new Field(model, { seed: 1, startAt: morning });
  const server = await startServer({ model, clock });
  const devices = model.devices.filter((device) => device.site === site);
  const asked = devices.flatMap((device) =>
    device.points.flatMap((point) =>
      point.source.from === 'device'
        ? [{ device, point, spec: point.source.value, read: field.reader(device, point) }]
        : [],
    ),
  );

  function readAll(at: number): Reading[] {
    const batch = asked.map(({ device, point, spec, read }): Reading => {
      const answer = field.isSilent(device) ? undefined : read();
      if (answer === undefined || ('broken' in answer && answer.broken === 'nothing'))
        return { point: point.index, at, value: Number.NaN, quality: silence };
      const measured = 'value' in answer ? answer.value : nonsense(spec);
      return { point: point.index, at, ...decodeRaw(spec, point.unit, encodeRaw(spec, measured, { kind: 'real' })) };
    });
    const links = devices.map((device): Reading => ({ point: device.link.index, at, value: field.isSilent(device) ? 0 : 1, quality: good }));
    return [...batch, ...links];
  } // prettier-ignore

  const incidents = async (): Promise<readonly IncidentSummary[]> => {
    const { json } = await server.api(`/incidents?state=open&site=${site}`, { role: 'viewer' });
    return pageOf(incidentSummary).parse(json).items;
  };
  return {
    async declare() {
      const to = new Date(clock.now() + 3_600_000).toISOString();
      const body = { state: 'load-test', site, reason: 'Uji beban', to };
      const { json } = await server.api('/plant-states', { method: 'POST', role: 'operator', body });
      const { id } = plantStateView.parse(json);
      return async () => {
        await server.api(`/plant-states/${id}/end`, { method: 'POST', role: 'operator', body: {} });
      };
    },
    start: (name, minutes) => {
      field.startDrill(name, site, clock.now(), minutes);
    },
    stop: (name) => {
      field.stopDrill(name, site);
    },
    async pass() {
      field.advance(clock.now());
      server.pipeline.accept(readAll(clock.now()));
      server.tick();
      await clock.advance(pollMs);
    },
    incidents,
    async settle() {
      for (const { id } of await incidents())
        for (const what of ['ack', 'reset'])
          await server.api(`/incidents/${id}/${what}`, { method: 'POST', role: 'operator', body: {} });
    },
    close: () => server.close(),
  };
}
