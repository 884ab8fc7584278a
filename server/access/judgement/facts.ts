import type { Door } from '../../../config/model.ts';

/** What entries are judged by, beside tickets and credentials. */
export interface JudgeFacts {
  readonly doors: readonly Door[];
  /** `site/room`: mantraps and corridors, the way to other rooms. */
  readonly transitRooms: ReadonlySet<string>;
  /** Sites where third parties must be accompanied by the PIC. */
  readonly escortedSites: ReadonlySet<string>;
  /** When the duty of somebody on shift or on call at the site ends; undefined: not on duty. */
  readonly dutyUntil: (
    person: string,
    place: { readonly site: string; readonly at: number },
  ) => number | undefined;
  /** The state of the door, or tampering with its device, is a point that rules judge: its events are no findings beside that. */
  readonly isRead?: (door: Door, quantity: 'door-state' | 'tamper') => boolean;
  /** The wall clock went over this moment at once (`core/settled-time`); absent: over none. */
  readonly wasSkipped?: (at: number) => boolean;
}
