import type { Device, Model, Point } from '../../../config/model.ts';
import type { Label } from '../../../config/schema/common.ts';
import type { DeviceView } from '../../contracts/sites.ts';
import type { DeviceDiagnosticsView } from '../../contracts/system.ts';
import type { CollectedDiagnostics } from '../../ingest/remote-collectors.ts';
import type { Troubles } from '../../ingest/troubles.ts';
import { isoOrNull } from '../../../core/time.ts';

/** `site/device` → its points, read and derived; link and health are told apart. */
export type PointsByDevice = ReadonlyMap<string, readonly Point[]>;

export function pointsByDevice(model: Model): PointsByDevice {
  const byDevice = new Map<string, Point[]>();
  for (const point of model.points) {
    const { from } = point.source;
    if (point.owner.kind !== 'device' || from === 'link' || from === 'diagnostics') continue;
    const key = `${point.site}/${point.owner.id}`;
    const points = byDevice.get(key);
    if (points === undefined) byDevice.set(key, [point]);
    else points.push(point);
  }
  return byDevice;
}

/** `name`: as people call it. */
export function deviceView(device: Device, name: Label, points: PointsByDevice): DeviceView {
  const { profile, rating } = device;
  return {
    id: device.id,
    site: device.site,
    kind: device.kind,
    role: device.role ?? null,
    name,
    profile: profile.name,
    maker: profile.maker,
    model: profile.model,
    toBeConfirmed: profile.toBeConfirmed ?? null,
    protocol: profile.protocol,
    room: device.room,
    rack: device.rack ?? null,
    feed: device.feed ?? null,
    position: device.position ?? null,
    rating: { kw: rating.kw ?? null, litres: rating.litres ?? null },
    link: device.link.id,
    points: (points.get(device.key) ?? []).map((point) => ({
      id: point.id,
      part: point.part ?? null,
      quantity: point.quantity,
      unit: point.unit,
      states: point.states === undefined ? null : Object.fromEntries(point.states),
      ...(point.words === undefined ? {} : { words: Object.fromEntries(point.words) }),
      staleAfterMs: point.staleAfterMs,
    })),
  };
}

export function deviceDiagnosticsRow(
  health: CollectedDiagnostics,
  { name, lastHour }: { readonly name: Label; readonly lastHour: Troubles },
): DeviceDiagnosticsView {
  const { device, lastAnswerAt, latencyMs, clockOffsetMs, lastError, ...rest } = health;
  return {
    ...rest,
    device: device.id,
    name,
    site: device.site,
    protocol: device.profile.protocol,
    lastHour,
    lastAnswerAt: isoOrNull(lastAnswerAt),
    latencyMs: latencyMs ?? null,
    clockOffsetMs: clockOffsetMs ?? null,
    lastError: lastError ?? null,
  };
}
