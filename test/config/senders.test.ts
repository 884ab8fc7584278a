import { describe, expect, it } from 'vitest';
import { checkSenders, type Senders } from '../../config/check/senders.ts';
import { openProfiles } from '../../config/load/profiles.ts';
import { shippedLibrary } from '../../config/read/files.ts';

describe('controllers that push', () => {
  it('have an address of their own on their transport, also at two sites', () => {
    const profiles = openProfiles({ dir: 'none', library: shippedLibrary() }, []);
    const senders: Senders = new Map();
    const found: string[] = [];
    const check = (site: string, devices: readonly (readonly [device: string, profile: string, address: string])[]): void => {
      const drafts = devices.map(([device, profile, address], index) => ({ entry: { device, profile }, address, path: ['devices', index] }));
      checkSenders(drafts, { profiles, senders, siteId: site }, (path, { found: what }) => found.push(`${path.join('.')}: ${what}`));
    };
    check('dc', [['terminal-1', 'door/zkteco-push', 'CJXL1'], ['system', 'door/webhook', 'CJXL1'], ['board', 'door/uhppoted', 'uhppoted/events']]);
    expect(found).toEqual([]);
    check('drc', [['terminal-9', 'door/zkteco-push', 'CJXL1'], ['board', 'door/uhppoted', 'uhppoted/events']]);
    expect(found).toEqual(['devices.0.address: "CJXL1" is the address of dc/terminal-1 already']);
  });
}); // prettier-ignore
