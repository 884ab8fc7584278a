import type { Device, Model } from '../../config/model.ts';
import { isoOrNull, iso } from '../../core/time.ts';
import type { Clock } from '../../core/clock.ts';
import type {
  CommissioningEntry,
  CommissioningReading,
  CommissioningState,
  CommissioningSummary,
  CommissioningVerdict,
  CommissioningView,
  ReadValue,
} from '../contracts/commissioning.ts';
import { identityOf, type DeviceIdentity } from './identity.ts';
import type { CommissioningHead, CommissioningRecord, CommissioningRepository } from './repository.ts';
import { isOfSites, type SiteFilter } from '../../core/site-filter.ts';

/** The verdicts are about a reading that this server does not have, or are incomplete; the message says what to do. */
export class CommissioningRefused extends Error {
  override readonly name = 'CommissioningRefused';
}

export interface Verdict {
  readonly point: string;
  readonly verdict: CommissioningVerdict;
  readonly shown?: string | undefined;
}

export interface Commissioning {
  /** Every device of the model. */
  list(site?: SiteFilter): Promise<CommissioningSummary[]>;
  /** Rejects where the store is away. */
  view(device: Device): Promise<CommissioningView>;
  /** Reads a device once, and remembers what it said for the verdicts. Rejects with FieldError. */
  read(device: Device): Promise<CommissioningReading>;
  /** Keeps what a person found. Rejects with CommissioningRefused. */
  confirm(
    device: Device,
    found: {
      readonly reading: string;
      readonly verdicts: readonly Verdict[];
      readonly note?: string | undefined;
      readonly actor: string;
    },
  ): Promise<void>;
}

interface CommissioningOptions {
  readonly model: Pick<Model, 'devices'>;
  readonly repository: CommissioningRepository;
  /** Reads a device as it is configured, over a session of its own. */
  readonly readOnce: (device: Device) => Promise<readonly ReadValue[]>;
  /** What was read of it last. */
  readonly lastValues: (device: Device) => readonly ReadValue[];
  /** Sites that this process polls itself: others it may not even reach. */
  readonly localSites: readonly string[];
  readonly newId: (at: number) => string;
  readonly clock: Pick<Clock, 'now'>;
}

const mostReadings = 100;

/** What was compared with the devices' own displays. Read from the store at each call: the command line writes there too. */
export function createCommissioning(options: CommissioningOptions): Commissioning {
  const { model, repository, readOnce, lastValues, localSites, newId, clock } = options;
  const identities = new Map(model.devices.map((device) => [device.key, identityOf(device)]));
  const readings = new Map<string, { readonly device: string; readonly values: readonly ReadValue[] }>();
  /** A serial line has room for its poller only. */
  const isReadHere = ({ site, address }: Device): boolean =>
    localSites.includes(site) && !('line' in address);
  const identity = (device: Device): DeviceIdentity => identities.get(device.key) ?? identityOf(device);

  return {
    async list(site) {
      const newest = new Map((await repository.newest()).map((record) => [record.device, record]));
      return model.devices
        .filter((device) => isOfSites(site, device.site))
        .map((device): CommissioningSummary => {
          const record = newest.get(device.key);
          return {
            site: device.site,
            device: device.id,
            ...stateOf(record, identity(device)),
            at: isoOrNull(record?.at),
            actor: record?.actor ?? null,
          };
        });
    },
    async view(device) {
      const history = await repository.ofDevice(device.key);
      const { profile, address } = identity(device);
      return {
        device: device.key,
        ...stateOf(history[0], identity(device)),
        address,
        profile,
        readBy: isReadHere(device) ? 'server' : 'collector',
        history: history.map((record) => ({
          id: record.id,
          at: iso(record.at),
          actor: record.actor,
          address: record.address,
          profile: record.profile,
          ...countsOf(record.entries),
          note: record.note,
        })),
        entries: [...(history[0]?.entries ?? [])],
      };
    },
    async read(device) {
      const values = isReadHere(device) ? await readOnce(device) : lastValues(device);
      const at = clock.now();
      const reading = newId(at);
      readings.set(reading, { device: device.key, values });
      const [oldest] = readings.keys();
      if (readings.size > mostReadings && oldest !== undefined) readings.delete(oldest);
      return { reading, at: iso(at), values: [...values] };
    },
    async confirm(device, { reading, verdicts, note, actor }) {
      const read = readings.get(reading);
      if (read?.device !== device.key)
        throw new CommissioningRefused('that reading is not known any more; read the device again');
      const at = clock.now();
      const entries = entriesOf(read.values, verdicts);
      await repository.add(recordOf(device, { id: newId(at), at, actor, entries, note }));
      readings.delete(reading);
    },
  };
}

/** What is kept of a comparison. */
export function recordOf(
  device: Device,
  {
    note,
    ...made
  }: Pick<CommissioningRecord, 'id' | 'at' | 'actor' | 'entries'> & { readonly note?: string | undefined },
): CommissioningRecord {
  return {
    ...made,
    ...identityOf(device),
    device: device.key,
    differs: countsOf(made.entries).differs,
    note: note === undefined || note === '' ? null : note,
  };
}

/** Each value with what a person said of it. Every value that there is wants a verdict. */
export function entriesOf(values: readonly ReadValue[], verdicts: readonly Verdict[]): CommissioningEntry[] {
  const byPoint = new Map(verdicts.map((each) => [each.point, each]));
  const unknown = verdicts.find(({ point }) => values.every((value) => value.point !== point));
  if (unknown !== undefined) throw new CommissioningRefused(`${unknown.point} was not read`);
  const open = values.filter(({ point, value }) => value !== null && !byPoint.has(point));
  if (open.length > 0)
    throw new CommissioningRefused(
      `${open.length} values have no verdict, such as ${open[0]?.point ?? ''}; say of each whether it agrees, differs or is not shown`,
    );
  return values.flatMap((value) => {
    const found = byPoint.get(value.point);
    if (found === undefined) return [];
    if (found.verdict === 'differs' && (found.shown ?? '') === '')
      throw new CommissioningRefused(`${value.point} differs: say what the device shows`);
    return [{ ...value, verdict: found.verdict, shown: found.shown ?? null }];
  });
}

/** Whether the newest comparison still says something about the device as it is configured now. */
export function stateOf(
  record: Pick<CommissioningHead, 'map' | 'address' | 'differs'> | undefined,
  now: DeviceIdentity,
): { readonly state: CommissioningState; readonly changed: 'profile' | 'address' | null } {
  if (record === undefined) return { state: 'none', changed: null };
  if (record.map !== now.map) return { state: 'void', changed: 'profile' };
  if (record.address !== now.address) return { state: 'void', changed: 'address' };
  return { state: record.differs > 0 ? 'differs' : 'valid', changed: null };
}

function countsOf(entries: readonly CommissioningEntry[]): Record<CommissioningVerdict, number> {
  const counts = { confirmed: 0, differs: 0, unseen: 0 };
  for (const { verdict } of entries) counts[verdict] += 1;
  return counts;
}
