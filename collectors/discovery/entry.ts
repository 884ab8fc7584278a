import { Document } from 'yaml';
import { defined } from '../../core/defined.ts';
import type { DeviceKind } from '../../config/schema/common.ts';
import { slugOf } from '../profile/parts.ts';
import { guessPlace, type SitePlaces } from './place.ts';

/** What is known of a device that is not configured yet: what its entry in a site's file is made of. */
export interface Proposed {
  readonly kind: DeviceKind | 'any';
  /** Undefined: none was found. */
  readonly profile: string | undefined;
  readonly completedBy?: readonly { readonly profile: string; readonly instead: readonly string[] }[];
  /** As it is written in the file. */
  readonly address: string;
  /** What the device calls itself, and where it says it stands; empty where it says nothing. */
  readonly name: string;
  readonly location: string;
  /** Further keys of the entry in their order: snmp, instance, parts, modbus, broker, … */
  readonly more?: Readonly<Record<string, unknown>>;
  /** What speaks for it, for people. */
  readonly evidence: readonly string[];
  /** Why there may be no such device; null: nothing speaks against it. */
  readonly doubt: string | null;
}

interface Line {
  readonly text: string;
  readonly note?: string | undefined;
  /** Left as a comment for somebody to decide. */
  readonly open?: boolean;
}

/** A proposed device as lines of `devices:` in a site's file; what is doubtful is a comment. `taken` gains the id that was given. */
export function entryLines(proposed: Proposed, places: SitePlaces | undefined, taken: Set<string>): string[] {
  const { doubt, profile } = proposed;
  const isOpen = doubt !== null || profile === undefined;
  const lines = linesOf(proposed, places, taken);
  const head = doubt === null ? [] : [`  # Doubtful: ${oneLine(doubt)}.`];
  return [
    ...head,
    ...lines.map(({ text, note, open }, index) => {
      const commented = isOpen || open === true ? '# ' : '';
      const hint = note === undefined || note === '' ? '' : ` # ${oneLine(note)}`;
      return `${index === 0 ? `  ${commented}- ` : `    ${commented}`}${text}${hint}`;
    }),
  ];
}

function linesOf(proposed: Proposed, places: SitePlaces | undefined, taken: Set<string>): Line[] {
  const { kind, profile, completedBy = [], address, name, location, more = {}, evidence } = proposed;
  const id = freeId(proposed, places, taken);
  return [
    { text: `device: ${id}`, note: name === '' ? undefined : `calls itself ${quoted(name)}` },
    ...(kind === 'any' ? [{ text: 'kind: meter', note: 'what is it?', open: true }] : []),
    profile === undefined
      ? { text: 'profile: ?', note: evidence.join('; ') }
      : { text: `profile: ${profile}`, note: evidence.join('; ') },
    ...(completedBy.length === 0
      ? []
      : [
          {
            text: `completedBy: ${flow(completedBy.map((each) => (each.instead.length === 0 ? each.profile : each)))}`,
          },
        ]),
    { text: `address: ${flow(address)}` },
    ...Object.entries(defined(more)).map(([key, value]) => ({ text: `${key}: ${flow(value)}` })),
    ...placeLines({ name, location }, places),
  ];
}

function placeLines(
  { name, location }: Pick<Proposed, 'name' | 'location'>,
  places: SitePlaces | undefined,
): Line[] {
  const said = location === '' ? 'it does not say where it stands' : `it says ${quoted(location)}`;
  const guess =
    places &&
    guessPlace(
      [location, name].filter((text) => text !== ''),
      places,
    );
  if (guess !== undefined)
    return [
      { text: `room: ${guess.room}`, note: `it says ${quoted(guess.because)}` },
      ...(guess.rack === undefined ? [] : [{ text: `rack: ${guess.rack}` }]),
    ];
  const choice = places === undefined ? '' : `; one of ${places.rooms.join(', ')}`;
  return [{ text: 'room: ?', note: `${said}${choice}`, open: true }];
}

/** By the device's own name, else by what it is and where it answers. */
function freeId(
  { kind, name, address }: Proposed,
  places: SitePlaces | undefined,
  taken: Set<string>,
): string {
  const [short = ''] = name.split('.');
  const own = slugOf(/^\d+$/.test(short) ? name : short);
  const base = /[a-z]/.test(own) ? own : `${kind === 'any' ? 'device' : kind}-${slugOf(address)}`;
  const isTaken = (id: string): boolean => taken.has(id) || places?.taken.has(id) === true;
  const candidates = [base, ...(kind === 'any' ? [] : [`${base}-${kind}`])];
  let id = candidates.find((each) => !isTaken(each));
  for (let count = 2; id === undefined; count += 1) if (!isTaken(`${base}-${count}`)) id = `${base}-${count}`;
  taken.add(id);
  return id;
}

/** A value on one line, as YAML writes it. */
function flow(value: unknown): string {
  return new Document(value)
    .toString({ collectionStyle: 'flow', lineWidth: 0, singleQuote: true, flowCollectionPadding: true })
    .trim();
}

/** What a device says may hold anything, a line break that ends a comment too. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

function quoted(text: string): string {
  return JSON.stringify(oneLine(text));
}
