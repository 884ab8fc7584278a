import snmp from 'net-snmp';
import type { User } from 'net-snmp';
import type { SnmpAccess } from '../../../config/schema/site.ts';

interface Secured {
  readonly protocol: string;
  readonly key: string;
}

/** Access to an agent with its secrets in hand. */
export type Credentials =
  | { readonly version: '1' | '2c'; readonly community: string }
  | { readonly version: '3'; readonly user: string; readonly auth?: Secured; readonly priv?: Secured };

/** The config names environment variables; throws where one is not set. */
export function resolveAccess(
  access: SnmpAccess,
  env: Readonly<Record<string, string | undefined>>,
): Credentials {
  if (access.version !== '3') return access;
  const secured = (entry: { protocol: string; key: { env: string } }): Secured => {
    const key = env[entry.key.env];
    if (key === undefined || key === '') throw new Error(`environment variable ${entry.key.env} is not set`);
    return { protocol: entry.protocol, key };
  };
  return {
    version: '3',
    user: access.user,
    ...(access.auth === undefined ? {} : { auth: secured(access.auth) }),
    ...(access.priv === undefined ? {} : { priv: secured(access.priv) }),
  };
}

export function sessionUser({ user, auth, priv }: Extract<Credentials, { version: '3' }>): User {
  const { noAuthNoPriv, authNoPriv, authPriv } = snmp.SecurityLevel;
  return {
    name: user,
    level: auth === undefined ? noAuthNoPriv : priv === undefined ? authNoPriv : authPriv,
    ...(auth === undefined ? {} : { authProtocol: snmp.AuthProtocols[auth.protocol], authKey: auth.key }),
    ...(priv === undefined ? {} : { privProtocol: snmp.PrivProtocols[priv.protocol], privKey: priv.key }),
  };
}
