import path from 'node:path';
import { parseModbusAddress, parseSnmpAddress } from "../config/build/address.js";
import { formatProblem, loadConfig } from "../config/load.js";
import { loadFile, loadLibraryPart, shippedLibrary } from "../config/read/files.js";
import { profileSchema } from "../config/schema/profile.js";
import { systemClock } from "../core/clock.js";
import { FieldError } from "../collectors/drivers/driver.js";
import { UnknownDeviceError, probe } from "../collectors/probe/probe.js";
import { accessOf } from "./snmp-access.js";
import { exitCodes, UsageError } from "./usage.js";
/** `pantau probe`: reads a device once, or listens to one that reports by itself, and prints a table, or a JSON array of rows. Returns the exit code. */
export async function runProbe(args, write) {
    try {
        const report = await probe(targetOf(args), { clock: systemClock, listenMs: args.listenMs });
        write(args.json === true ? `${JSON.stringify(report.rows, null, 2)}\n` : table(report));
        if (report.rows.some(({ value }) => value !== null))
            return exitCodes.ok;
        if (args.json !== true)
            write('nothing of this profile answers here: compare the profile, address and unit\n');
        return exitCodes.failed;
    }
    catch (error) {
        if (error instanceof UsageError)
            return fail(error, error.code, write);
        if (error instanceof FieldError || error instanceof UnknownDeviceError) {
            const code = fail(error, exitCodes.failed, write);
            if (maySpeakRtu(error, args))
                write('a serial gateway that passes RTU frames through TCP wants --rtu\n');
            return code;
        }
        throw error;
    }
}
/** A gateway that takes a TCP frame for a broken RTU frame says nothing at all. */
function maySpeakRtu(error, { modbus, rtu }) {
    const isSilent = error instanceof FieldError && error.kind === 'timeout' && error.cause === undefined;
    return isSilent && modbus !== undefined && rtu !== true;
}
function fail(error, code, write) {
    write(`${error.message}\n`);
    return code;
}
function targetOf(args) {
    if (args.device !== undefined)
        return { device: deviceOf(args.device, args) };
    if (args.snmp !== undefined) {
        const address = parseSnmpAddress(args.snmp, accessOf(args.access));
        if (address === undefined)
            throw new UsageError(`${args.snmp} is not HOST or HOST:PORT`);
        return args.profile === undefined
            ? { candidates: profilesOf(args.config), address, all: args.all ?? false }
            : { profile: profileAt(args.profile), address };
    }
    if (args.modbus !== undefined && args.profile !== undefined) {
        const address = parseModbusAddress(args.modbus);
        if (address === undefined)
            throw new UsageError(`${args.modbus} is not HOST, HOST:PORT or HOST:PORT/UNIT`);
        const framing = args.rtu === true ? 'rtu' : 'tcp';
        return { profile: profileAt(args.profile), address: { ...address, access: { framing } } };
    }
    throw new UsageError('say which: probe DEVICE, or --snmp HOST:PORT [--profile FILE], or --profile FILE --modbus HOST:PORT/UNIT [--rtu]');
}
function deviceOf(key, { config, relocate }) {
    const loaded = loadConfig(config);
    if (!loaded.ok)
        throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
    const device = loaded.model.deviceById.get(key);
    if (device === undefined)
        throw new UsageError(`no device ${key} in ${config}`);
    return relocate === undefined ? device : relocate(device);
}
function profilesOf(config) {
    const files = loadLibraryPart({ dir: config, library: shippedLibrary() }, 'profiles', profileSchema);
    return files.flatMap(({ name, value }) => (value === undefined ? [] : [{ ...value, name }]));
}
function profileAt(file) {
    const loaded = loadFile(path.dirname(file), path.basename(file, '.yaml'), profileSchema);
    if (loaded.value === undefined)
        throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
    return { ...loaded.value, name: `${path.basename(path.dirname(file))}/${loaded.name}` };
}
function table({ profiles, proposals, rows }) {
    const found = proposals.map(({ profile: { name }, reads, why }) => `  ${name} (${reads} values answer): ${why.join('; ')}`);
    const head = found.length === 0 ? [] : ['Profiles that fit, best first:', ...found, ''];
    return [...head, ...profiles.flatMap((profile) => section(profile, rows))].join('\n');
}
/** What was read by one profile. */
function section(profile, all) {
    const rows = all.filter((row) => row.profile === profile.name);
    const cells = [['PART', 'QUANTITY', 'VALUE', 'UNIT', 'QUALITY', 'SOURCE', 'RAW'], ...rows.map(tableRow)];
    const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
    const lines = cells.map((row) => row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd());
    const good = rows.filter((row) => row.quality === 'good').length;
    // What the device said of several values at once is told once.
    const notes = new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])));
    return [
        `${profile.name}: ${profile.maker} ${profile.model}`,
        ...(profile.toBeConfirmed === undefined ? [] : [`To be confirmed: ${profile.toBeConfirmed}`]),
        '',
        ...lines,
        ...(notes.size === 0 ? [] : ['', ...notes]),
        '',
        `${good} of ${rows.length} values good`,
        '',
    ];
}
function tableRow(row) {
    const number = row.value === null ? '' : String(row.value);
    const value = row.word === null ? (row.state ?? number) : `${row.state} (${row.word})`;
    const quality = row.reason === null ? row.quality : `${row.quality} (${row.reason})`;
    return [
        [row.instance, row.part].filter((name) => name !== null).join(' '),
        row.quantity,
        value,
        row.unit,
        quality,
        row.source,
        row.raw === null ? '' : String(row.raw),
    ];
}
//# sourceMappingURL=probe.js.map