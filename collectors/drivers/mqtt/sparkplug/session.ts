import type { Metric, Payload } from './payload.ts';

/** What came on which topic of one edge node; `device` is absent in the node's own messages. */
export interface EdgeMessage {
  readonly type: 'BIRTH' | 'DATA' | 'DEATH';
  readonly device?: string;
  readonly payload: Payload;
}

/** A metric by its full name and type, whichever way it was sent. `at`: when it was measured, if that was reported. */
export interface KnownMetric extends Pick<Metric, 'isNull' | 'isHistorical' | 'value'> {
  readonly name: string;
  readonly datatype: number;
  readonly at?: number;
}

interface Definition {
  readonly name: string;
  readonly datatype: number;
}

/** What one birth defined: the node's own, or that of one device. */
interface Definitions {
  readonly byName: ReadonlyMap<string, Definition>;
  readonly byAlias: ReadonlyMap<bigint, Definition>;
}

/** What is known of an edge node. Devices go by their name, the node itself by `''`. */
export interface EdgeState {
  readonly births: ReadonlyMap<string, Definitions>;
  /** Which of its connections the node was born with: an old death is told from a new one by it. */
  readonly bdSeq?: bigint | undefined;
  /** Of the last message that counts. */
  readonly seq?: number | undefined;
}

export interface Step {
  readonly state: EdgeState;
  readonly metrics: readonly KnownMetric[];
  /** The message was sent because its sender is there now. */
  readonly alive: boolean;
  /** Gone: the node and all its devices, or the message's device. */
  readonly lost?: 'node' | 'device';
  /** Why a rebirth is needed. */
  readonly rebirth?: string;
  readonly errors: readonly string[];
}

export const unborn: EdgeState = { births: new Map() };

/** Edge node's message → what it means. Pure; of a message that is partly unknown the known part is taken. */
export function step(state: EdgeState, message: EdgeMessage): Step {
  if (message.type === 'DEATH' && message.device === undefined) return die(state, message.payload);
  const isNodeBirth = message.type === 'BIRTH' && message.device === undefined;
  const gap = isNodeBirth ? undefined : gapBefore(message.payload.seq, state.seq);
  const counted: EdgeState = { ...state, seq: message.payload.seq };
  const taken = take(counted, message);
  return gap === undefined ? taken : { ...taken, rebirth: gap };
}

function take(state: EdgeState, message: EdgeMessage): Step {
  const key = message.device ?? '';
  if (message.type === 'DEATH') {
    const births = new Map(state.births);
    births.delete(key);
    return { state: { ...state, births }, metrics: [], alive: false, lost: 'device', errors: [] };
  }
  if (message.type === 'DATA') return { state, ...readMetrics(message, state.births.get(key)) };
  const born = definitionsOf(message.payload);
  // The node's birth begins everything again: every device follows with its own.
  const next: EdgeState =
    message.device === undefined
      ? { ...state, births: new Map([['', born]]), bdSeq: bdSeqOf(message.payload) }
      : { ...state, births: new Map([...state.births, [key, born]]) };
  const read = { state: next, ...readMetrics(message, born) };
  const orphan = message.device !== undefined && !state.births.has('');
  return orphan ? { ...read, rebirth: 'a device was born before its node' } : read;
}

/** A last will may arrive after the birth that followed it: the broker sends it when it gives a connection up. */
function die(state: EdgeState, payload: Payload): Step {
  const bdSeq = bdSeqOf(payload);
  const before = state.bdSeq !== undefined && bdSeq !== undefined ? (state.bdSeq - bdSeq) & 0xffn : 0n;
  if (before > 0n && before < 128n) return { state, metrics: [], alive: false, errors: [] };
  return { state: unborn, metrics: [], alive: false, lost: 'node', errors: [] };
}

function gapBefore(seq: number, last: number | undefined): string | undefined {
  if (last === undefined || seq === (last + 1) % 256) return undefined;
  return `message ${seq} came after ${last}`;
}

function definitionsOf({ metrics }: Payload): Definitions {
  const defined = metrics.flatMap(({ name, alias, datatype }) =>
    name === undefined || datatype === undefined ? [] : [{ alias, definition: { name, datatype } }],
  );
  return {
    byName: new Map(defined.map(({ definition }) => [definition.name, definition])),
    byAlias: new Map(
      defined.flatMap(({ alias, definition }) => (alias === undefined ? [] : [[alias, definition]])),
    ),
  };
}

function bdSeqOf({ metrics }: Payload): bigint | undefined {
  const value = metrics.find(({ name }) => name === 'bdSeq')?.value;
  return typeof value === 'bigint' ? value : undefined;
}

function readMetrics({ payload }: EdgeMessage, born: Definitions | undefined): Omit<Step, 'state' | 'lost'> {
  const metrics: KnownMetric[] = [];
  const errors: string[] = [];
  let rebirth = born === undefined ? 'data came before the birth' : undefined;
  for (const metric of payload.metrics) {
    const { isNull, isHistorical, value } = metric;
    const known = definitionOf(metric, born);
    const at = metric.timestamp ?? (isHistorical ? undefined : payload.timestamp);
    if (known === undefined) rebirth ??= `${nameOf(metric)} is not in the birth`;
    else if (isHistorical && at === undefined) errors.push(`"${known.name}" is of the past but has no time`);
    else metrics.push({ ...known, isNull, isHistorical, value, ...(at === undefined ? {} : { at }) });
  }
  const alive = payload.metrics.length === 0 || payload.metrics.some(({ isHistorical }) => !isHistorical);
  return { metrics, alive, errors, ...(rebirth === undefined ? {} : { rebirth }) };
}

/** A name beside an alias that means another metric would be a contradiction; the name is what people configured. */
function definitionOf(
  { name, alias, datatype }: Metric,
  born: Definitions | undefined,
): Definition | undefined {
  if (name === undefined) return alias === undefined ? undefined : born?.byAlias.get(alias);
  const known = born?.byName.get(name);
  const type = datatype ?? known?.datatype;
  return type === undefined ? undefined : { name, datatype: type };
}

function nameOf({ name, alias }: Metric): string {
  if (name !== undefined) return `metric "${name}"`;
  return alias === undefined ? 'a metric without name and alias' : `alias ${alias}`;
}
