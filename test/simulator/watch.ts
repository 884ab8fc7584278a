import { decodeRaw } from '../../collectors/profile/decode.ts';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { qualityCode, type Reading } from '../../core/reading.ts';
import { bindRules } from '../../config/alarms/bind.ts';
import { createAlarmEngine } from '../../server/alarms/engine.ts';
import { createPipeline } from '../../server/pipeline/pipeline.ts';
import { encodeRaw, nonsense } from '../../simulator/encode.ts';
import type { Field } from '../../simulator/field.ts';
import { silentLog } from '../support/field.ts';

/** The product's own rules over what the field's devices say, in the field's time; devices of the sites are asked every `everyMs`. */
export function watch(
  model: Model,
  field: Field,
  { startAt, sites }: { startAt: number; sites?: readonly string[] },
) {
  let now = startAt;
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after: () => () => undefined,
    sleep: () => Promise.resolve(),
  };
  const raised = new Set<string>();
  /** Alarms raised, one for each time. */
  const raisedAlarms: string[] = [];
  const engine = createAlarmEngine({
    bound: bindRules(model),
    clock,
    log: silentLog,
    restored: new Map(),
    onChanges(changes) {
      for (const { alarm, why } of changes)
        if (why === 'raise' && alarm !== undefined) {
          raised.add(alarm.rule.rule);
          raisedAlarms.push(alarm.key);
        }
    },
  });
  const pipeline = createPipeline({
    model,
    clock,
    log: silentLog,
  });
  pipeline.subscribe('alarms', { readings: engine.accept });
  const devices = model.devices.filter(({ site }) => sites === undefined || sites.includes(site));
  const asked = devices.flatMap((device) =>
    device.points.flatMap((point) =>
      point.source.from === 'device'
        ? [{ device, point, spec: point.source.value, read: field.reader(device, point) }]
        : [],
    ),
  );
  return {
    raised,
    raisedAlarms,
    standing: () => new Set(engine.active().map(({ alarm }) => alarm.rule.rule)),
    now: () => now,
    run(forMs: number, everyMs: number): void {
      for (const end = now + forMs; now < end;) {
        now += everyMs;
        field.advance(now);
        const readings: Reading[] = asked.map(({ device, point, spec, read }) => {
          const answer = read();
          const bad = field.isSilent(device)
            ? 'timeout'
            : 'broken' in answer && answer.broken === 'nothing'
              ? 'no-value'
              : undefined;
          if (bad !== undefined)
            return { point: point.index, at: now, value: Number.NaN, quality: qualityCode(bad) };
          const said = 'value' in answer ? answer.value : nonsense(spec);
          const { value, quality } = decodeRaw(spec, point.unit, encodeRaw(spec, said, { kind: 'real' }));
          return { point: point.index, at: now, value, quality };
        });
        for (const { link, key } of devices) {
          const device = model.deviceById.get(key);
          const silent = device !== undefined && field.isSilent(device);
          readings.push({ point: link.index, at: now, value: silent ? 0 : 1, quality: 0 });
        }
        pipeline.accept(readings);
        pipeline.tick();
        engine.tick();
      }
    },
  };
}
