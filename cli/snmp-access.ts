import { snmpAccessSchema, type SnmpAccess } from '../config/schema/site.ts';
import { UsageError } from './usage.ts';

/** How an agent of no configuration is asked: community of v1 and v2c; user, `PROTOCOL:VARIABLE` of v3. */
export interface SnmpAccessArguments {
  readonly snmpVersion?: string | undefined;
  readonly community?: string | undefined;
  readonly user?: string | undefined;
  readonly auth?: string | undefined;
  readonly priv?: string | undefined;
}

/** Keys stand in environment variables, here as in a site's file: a command line is seen by everyone on the machine. */
export function accessOf(args: SnmpAccessArguments): SnmpAccess {
  const version = args.snmpVersion ?? (args.user === undefined ? '2c' : '3');
  const access =
    version === '3'
      ? { version, user: args.user, auth: secured(args.auth), priv: secured(args.priv) }
      : { version, community: args.community };
  const parsed = snmpAccessSchema.safeParse(access);
  if (parsed.success) {
    requireKeys(parsed.data);
    return parsed.data;
  }
  throw new UsageError(
    'say --community NAME with --snmp-version 1 or 2c, or --user NAME [--auth sha256:VARIABLE [--priv aes:VARIABLE]], where VARIABLE is the environment variable that holds the key',
  );
}

function requireKeys(access: SnmpAccess): void {
  if (access.version !== '3') return;
  for (const { key } of [access.auth, access.priv].filter((entry) => entry !== undefined))
    if ((process.env[key.env] ?? '') === '')
      throw new UsageError(`environment variable ${key.env} is not set; it must hold the key`);
}

function secured(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const [protocol, env] = text.split(':');
  return { protocol, key: { env } };
}
