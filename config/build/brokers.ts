import path from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Broker, BrokerTls } from '../model.ts';
import type { BrokerEntry, SiteFile } from '../schema/site.ts';
import type { ConfigFiles } from './files.ts';

/** The brokers of a site by their name in the file, with their secrets. */
export function buildBrokers(
  site: string,
  file: Pick<SiteFile, 'brokers'>,
  { dir, env }: Pick<ConfigFiles, 'dir' | 'env'>,
): ReadonlyMap<string, Broker> {
  return new Map(
    Object.entries(file.brokers).map(([name, { url, user, password, version, tls, rebirth }]) => [
      name,
      {
        key: `${site}/${name}`,
        url,
        ...defined({
          user,
          password: password && env[password.env],
          version: version === 'auto' ? undefined : version,
          rebirth: rebirth ? undefined : false,
          tls: tls && buildTls(tls, dir, env),
        }),
      },
    ]),
  );
}

function buildTls(tls: NonNullable<BrokerEntry['tls']>, dir: string, env: ConfigFiles['env']): BrokerTls {
  const { ca, cert, key, servername } = tls;
  return defined({
    ca: ca && path.resolve(dir, ca),
    cert: cert && path.resolve(dir, cert),
    key:
      typeof key === 'object'
        ? { pem: env[key.env] ?? '' }
        : key === undefined
          ? undefined
          : { file: path.resolve(dir, key) },
    servername,
  });
}
