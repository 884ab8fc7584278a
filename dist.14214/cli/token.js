import { AccountError } from "../server/auth/account-error.js";
import * as tokens from "../server/auth/tokens.js";
/** `pantau token …`: each returns the text to print, or throws AccountError with the reason. */
export async function createToken(db, { name, role, lifeMs, sites }, means) {
    if ((role === 'collector') !== (sites !== undefined))
        throw new AccountError(role === 'collector'
            ? 'a collector needs its sites: --role collector --site drc'
            : `--site is for collectors; role ${role} sees every site`);
    const expiresAt = lifeMs === undefined ? {} : { expiresAt: means.now + lifeMs };
    const token = await tokens.createToken(db, { name, role, ...expiresAt, ...(sites === undefined ? {} : { sites }) }, means);
    const of = sites === undefined ? '' : ` of ${sites.join(', ')}`;
    return `token ${name} (${role}${of}), shown this once:\n${token}`;
}
export async function revokeToken(db, name) {
    await tokens.revokeToken(db, name);
    return `token ${name} revoked`;
}
export async function listTokens(db) {
    const rows = await tokens.listTokens(db);
    return rows
        .map((token) => `${token.name.padEnd(24)} ${token.role.padEnd(10)} ${until(token.expires_at)}${of(token)}`)
        .join('\n');
}
function until(expiresAt) {
    return expiresAt === null ? 'no expiry' : `until ${new Date(expiresAt).toISOString()}`;
}
function of(token) {
    return token.sites === null ? '' : `; ${tokens.sitesOf(token).join(', ')}`;
}
//# sourceMappingURL=token.js.map