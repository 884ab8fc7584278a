import type { Model, Site } from '../../config/model.ts';
import type { LoadTestIdentity } from '../contracts/load-tests.ts';
import { namesOf } from '../../config/names.ts';
import type { SiteRoles } from './roles.ts';

/** How people name the site and everything that takes part in its load test, and what the plates of the gensets say. */
export function identityOf(model: Model, site: Site, roles: SiteRoles): LoadTestIdentity {
  const names = namesOf(model);
  const things = [...roles.incomers, ...roles.transfers, ...roles.gensets, ...roles.upss, ...roles.tanks];
  const { redundancy, rating, clause } = site.standard.gensets;
  return {
    siteName: site.name,
    building: site.building,
    names: Object.fromEntries(things.map(({ id }) => [id, names.node(`${site.id}/${id}`)])),
    gensets: roles.gensets.map(({ id }) => {
      const device = model.deviceById.get(`${site.id}/${id}`);
      const { maker, model: type, serial, powerFactor, duty } = device?.nameplate ?? {};
      const { kw, kva } = device?.rating ?? {};
      return {
        genset: id,
        maker: maker ?? null,
        model: type ?? null,
        serial: serial ?? null,
        kw: kw ?? null,
        kva: kva ?? null,
        powerFactor: powerFactor ?? null,
        duty: duty ?? null,
      };
    }),
    redundancy,
    duty: rating,
    clause,
  };
}
