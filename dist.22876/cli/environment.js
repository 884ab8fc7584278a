import { z } from 'zod';
/** What the environment may say (README: Configuration). An empty variable counts as unset. */
const port = z.coerce.number().int().min(1).max(65_535);
const schema = z.object({
    PANTAU_PORT: port.default(8_080),
    PANTAU_HOST: z.string().default('127.0.0.1'),
    PANTAU_DATA: z.string().default('./data'),
    PANTAU_CONFIG: z.string().default('./config'),
    PANTAU_INFLUX_URL: z.url({ protocol: /^https?$/ }).optional(),
    PANTAU_DATABASE_URL: z
        .string()
        .refine((url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url), 'expected postgres://user:password@host:5432/database')
        .optional(),
    /** Mail to people: smtp://user:password@host:port, or smtps://. */
    PANTAU_SMTP_URL: z
        .url({ protocol: /^smtps?$/, error: 'expected smtp://user:password@host:port' })
        .optional(),
    /** Asked every minute while pages get through: an outside watcher raises its own alarm when it misses some. */
    PANTAU_HEARTBEAT_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** What links in messages begin with. */
    PANTAU_PUBLIC_URL: z
        .url({ protocol: /^https?$/ })
        .transform((url) => url.replace(/\/+$/, ''))
        .optional(),
    PANTAU_ADMIN_PASSWORD: z.string().min(8, 'at least 8 characters').optional(),
    PANTAU_TOKEN: z.string().optional(),
    /** Control port of the simulator; its devices take the ports above it. */
    PANTAU_SIMULATOR_PORT: z.coerce.number().int().min(1_024).max(30_000).default(20_000),
    /** Where SNMP traps are received; before what pantau.yaml says. */
    PANTAU_TRAP_PORT: port.optional(),
    PANTAU_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
/** Where SNMP traps are received, if anywhere. */
export function trapPlace({ PANTAU_TRAP_PORT }, { traps }) {
    return PANTAU_TRAP_PORT === undefined ? traps : { ...traps, port: PANTAU_TRAP_PORT };
}
/** Passwords and tokens, and addresses that may hold them: never quoted, whatever is wrong with them. */
function holdsSecret(name) {
    return /PASSWORD|TOKEN|SECRET|KEY|URL/.test(name);
}
export class EnvironmentError extends Error {
}
export function readEnvironment(variables) {
    const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
    const result = schema.safeParse(set);
    if (result.success)
        return result.data;
    const lines = result.error.issues.map((issue) => {
        const name = issue.path.join('.');
        const found = holdsSecret(name) ? 'its value is not shown' : `found ${JSON.stringify(set[name] ?? '')}`;
        return `environment variable ${name}: ${issue.message}; ${found}`;
    });
    throw new EnvironmentError(lines.join('\n'));
}
//# sourceMappingURL=environment.js.map