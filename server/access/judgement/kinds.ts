import type { AccessFindingKind } from '../../../config/schema/findings.ts';
import type { SiteStandard, Standard } from '../../../config/schema/standard.ts';

const minuteMs = 60_000;

interface KindFacts {
  /** `{clause}` is the site's part of the catalogue (BAB IV.1), `{access}` the clause of the access service (ITSM.3). */
  readonly source: string;
  /** For how long a finding about one moment stays live, ms; null: until what is wrong has ended. */
  readonly holdMs: number | null;
}

/** What is found about who enters: the clause it rests on, and how long it stays live. */
export const findingKinds: Readonly<Record<AccessFindingKind, KindFacts>> = {
  'no-ticket': { source: '{access}; {clause}.3 (log akses: biometrik dan tiket)', holdMs: 15 * minuteMs },
  'outside-window': { source: '{access} (d) waktu kegiatan', holdMs: 15 * minuteMs },
  'wrong-room': { source: '{access} (c) ruang kegiatan', holdMs: 15 * minuteMs },
  'no-check-in': { source: '{access}; {clause}.3 (log akses: biometrik dan tiket)', holdMs: 15 * minuteMs },
  unaccompanied: { source: '{access}: pihak ketiga didampingi PIC', holdMs: null },
  'more-than-listed': { source: '{access} (b) daftar nama dan identitas', holdMs: 15 * minuteMs },
  'over-stay': { source: '{access} (d) waktu kegiatan', holdMs: null },
  tailgating: { source: '{clause}.3 (mantrap, pintu RFID/biometrik)', holdMs: 15 * minuteMs },
  'revoked-credential': { source: '{clause}.3 (pintu RFID/biometrik)', holdMs: 15 * minuteMs },
  'unknown-credential': { source: '{clause}.3 (pintu RFID/biometrik)', holdMs: 15 * minuteMs },
  duress: { source: '{clause}.3 (kontrol akses)', holdMs: 15 * minuteMs },
  'door-forced': { source: '{clause}.3 (pintu RFID/biometrik)', holdMs: 15 * minuteMs },
  'door-held': { source: '{clause}.3 (pintu RFID/biometrik, mantrap)', holdMs: 15 * minuteMs },
  tamper: { source: '{clause}.3 (kontrol akses)', holdMs: 15 * minuteMs },
  'mantrap-open': { source: '{clause}.3 (mantrap)', holdMs: 15 * minuteMs },
  'no-entry': { source: '{access}; {clause}.3 (log akses: biometrik dan tiket)', holdMs: 60 * minuteMs },
};

/** The clause as people read it. */
export function clauseOf(
  kind: AccessFindingKind,
  { site, access }: { readonly site: SiteStandard; readonly access: Standard['access'] },
): string {
  return findingKinds[kind].source.replaceAll('{clause}', site.clause).replaceAll('{access}', access.clause);
}

/** What is judged wrong, before it has a clause. */
export interface Finding {
  /** What it is about, as text: the same from the same events, in whatever order and however often they come. */
  readonly id: string;
  readonly kind: AccessFindingKind;
  /** When it was wrong first, epoch ms. */
  readonly at: number;
  readonly site: string;
  readonly room: string | null;
  /** `site/device/part`. */
  readonly door: string | null;
  readonly ticket: string | null;
  /** `HolderKey`: whom it is about, without a name. */
  readonly person: string | null;
  /** Ids of the field events that show it. */
  readonly events: readonly string[];
}
