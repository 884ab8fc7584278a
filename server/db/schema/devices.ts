export interface DeviceTables {
  commissioning: CommissioningTable;
  discovery_finding: DiscoveryFindingTable;
}

/** A comparison of a device's values with its own display; the newest of a device counts. */
export interface CommissioningTable {
  id: string;
  /** `site/device`. */
  device: string;
  at: number;
  actor: string;
  /** Names of the profiles, the device's own first. */
  profile: string;
  /** Hash of what the profiles and the device's entry say about its values. */
  map: string;
  /** As people read it. */
  address: string;
  /** How many of the entries differ. */
  differs: number;
  /** JSON: a list of what was compared. */
  entries: string;
  note: string | null;
}

/** Something that answers in a site's network and is not configured. */
export interface DiscoveryFindingTable {
  site: string;
  protocol: string;
  /** As it is written in the site's file. */
  address: string;
  summary: string;
  /** Lines of the site's file. */
  entry: string;
  found_at: number;
  found_by: string;
}
