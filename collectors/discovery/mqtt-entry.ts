import { defined } from '../../core/defined.ts';
import type { DeviceKind } from '../../config/schema/common.ts';
import type { Finding } from './discover.ts';
import { isLikely, type MqttMatch, type SparkplugSource, type UnknownSource } from './mqtt-match.ts';
import type { Proposed } from './entry.ts';

/** A device whose values a profile names. */
export function mqttFinding(match: MqttMatch, broker: string): Finding {
  const { profile, address, parts, inputs, reads, of } = match;
  const isGeneric = inputs.length > 0;
  const evidence = isGeneric
    ? `${inputs.join(', ')} in its messages`
    : `${reads} of ${of} values in its messages`;
  const points = inputPoints(match);
  const kind = isGeneric ? kindOf(points.map(({ quantity }) => quantity)) : profile.kind;
  const proposed: Proposed = {
    ...saidBy(address),
    kind,
    profile: profile.name,
    more: defined({
      // A generic profile says nothing of it.
      kind: isGeneric ? kind : undefined,
      broker,
      parts: Object.keys(parts).length === 0 ? undefined : parts,
      inputs: isGeneric ? points : undefined,
    }),
    evidence: [evidence],
    doubt: isLikely(match) ? null : `only ${evidence}`,
  };
  return {
    protocol: 'mqtt',
    address,
    summary: `${kind} by ${profile.name}, ${evidence}`,
    proposed: [proposed],
  };
}

/** As an entry says it. Two sensors of one quantity are two parts, called by the rest of the input's name. */
function inputPoints({ profile, inputs }: MqttMatch) {
  const meant = inputs.flatMap((input) => {
    const usual = profile.inputs[input]?.usually;
    return usual === undefined ? [] : [{ input, ...usual }];
  });
  return meant.map((point) => {
    const isShared = meant.some(
      ({ quantity, input }) => quantity === point.quantity && input !== point.input,
    );
    const part = point.input.replace(new RegExp(`-?${point.quantity}$`), '');
    return defined({ ...point, part: isShared ? part : undefined });
  });
}

function kindOf(quantities: readonly string[]): DeviceKind {
  return quantities.some((each) => each === 'energy' || each === 'power') ? 'meter' : 'env';
}

export function sparkplugFinding({ address, metrics }: SparkplugSource, broker: string): Finding {
  const named =
    metrics.length === 0 ? 'no birth was received, which names its metrics' : `metrics ${metrics.join(', ')}`;
  const proposed: Proposed = {
    ...saidBy(address),
    kind: 'any',
    profile: 'generic/sparkplug',
    more: { broker },
    evidence: [`Sparkplug B; ${named}`],
    doubt: 'its inputs are to be named (docs/adding-a-device.md), or another profile chosen',
  };
  return { protocol: 'mqtt', address, summary: `Sparkplug B, ${named}`, proposed: [proposed] };
}

export function unknownFinding({ topic, members }: UnknownSource, broker: string): Finding {
  const named = `values ${members.join(', ')}`;
  const proposed: Proposed = {
    ...saidBy(topic),
    kind: 'any',
    profile: 'generic/mqtt-json',
    more: { broker },
    evidence: [named],
    doubt: 'no profile names its values: name its inputs, or write a profile (docs/adding-a-device.md)',
  };
  return { protocol: 'mqtt', address: topic, summary: `no profile fits: ${named}`, proposed: [proposed] };
}

/** A topic often names the device and where it stands. */
function saidBy(address: string): Pick<Proposed, 'address' | 'name' | 'location'> {
  return { address, name: address.split('/').at(-1) ?? address, location: address };
}
