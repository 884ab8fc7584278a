import * as users from "../server/auth/users.js";
/** `pantau user …`: each returns the text to print, or throws AccountError with the reason. */
export async function addUser(db, { name, role, password }, { now, randomBytes }) {
    const chosen = password ?? users.madePassword(randomBytes);
    await users.addUser(db, { name, password: chosen, role }, now);
    return `user ${name} (${role}) added${password === undefined ? `; password, shown this once: ${chosen}` : ''}`;
}
export async function setPassword(db, name, { password, randomBytes }) {
    const chosen = password ?? users.madePassword(randomBytes);
    await users.setPassword(db, name, chosen);
    return `password of ${name} set, all its sessions ended${password === undefined ? `; password, shown this once: ${chosen}` : ''}`;
}
export async function removeUser(db, name) {
    await users.removeUser(db, name);
    return `user ${name} removed, its sessions ended`;
}
export async function listUsers(db) {
    const rows = await users.listUsers(db);
    return rows
        .map((user) => `${user.name.padEnd(24)} ${user.role.padEnd(10)} since ${new Date(user.created_at).toISOString()}`)
        .join('\n');
}
//# sourceMappingURL=user.js.map