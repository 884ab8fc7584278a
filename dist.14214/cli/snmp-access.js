import { snmpAccessSchema } from "../config/schema/site.js";
import { UsageError } from "./usage.js";
/** Keys stand in environment variables, here as in a site's file: a command line is seen by everyone on the machine. */
export function accessOf(args) {
    const version = args.snmpVersion ?? (args.user === undefined ? '2c' : '3');
    const access = version === '3'
        ? { version, user: args.user, auth: secured(args.auth), priv: secured(args.priv) }
        : { version, community: args.community };
    const parsed = snmpAccessSchema.safeParse(access);
    if (parsed.success) {
        requireKeys(parsed.data);
        return parsed.data;
    }
    throw new UsageError('say --community NAME with --snmp-version 1 or 2c, or --user NAME [--auth sha256:VARIABLE [--priv aes:VARIABLE]], where VARIABLE is the environment variable that holds the key');
}
function requireKeys(access) {
    if (access.version !== '3')
        return;
    for (const { key } of [access.auth, access.priv].filter((entry) => entry !== undefined))
        if ((process.env[key.env] ?? '') === '')
            throw new UsageError(`environment variable ${key.env} is not set; it must hold the key`);
}
function secured(text) {
    if (text === undefined)
        return undefined;
    const [protocol, env] = text.split(':');
    return { protocol, key: { env } };
}
//# sourceMappingURL=snmp-access.js.map