import { formatProblem, loadConfig } from "../config/load.js";
import { unjudgedDevices } from "../config/alarms/coverage.js";
/** EX_CONFIG of sysexits(3). */
export const configExitCode = 78;
/** Prints every mistake of a configuration folder, or what it amounts to; returns the exit code, 0 or 78. */
export function checkConfig(dir, write, options = {}) {
    const result = loadConfig(dir, options);
    if (!result.ok) {
        for (const problem of result.problems)
            write(formatProblem(problem));
        write(`${result.problems.length} ${result.problems.length === 1 ? 'problem' : 'problems'}`);
        return configExitCode;
    }
    for (const override of result.overrides)
        write(override);
    for (const warning of result.warnings)
        write(`warning: ${warning}`);
    for (const line of unjudged(result.model))
        write(line);
    for (const line of summary(result.model))
        write(line);
    return 0;
}
/** Rules of its kind that judge nothing of a device, for all devices of a profile in one line. */
function unjudged(model) {
    const lines = new Map();
    for (const { device, rule, why } of unjudgedDevices(model)) {
        const line = `${device.profile.name}: ${rule.rule} judges nothing: ${why}`;
        lines.set(line, [...(lines.get(line) ?? []), device.key]);
    }
    return [...lines].map(([line, keys]) => `${line} (${listed(keys)})`);
}
function listed(keys) {
    const more = keys.length - 3;
    return more > 0 ? `${keys.slice(0, 3).join(', ')} and ${more} more` : keys.join(', ');
}
function summary(model) {
    const sites = model.sites.map(({ id }) => {
        const racks = model.racks.filter((rack) => rack.site === id).length;
        const protocols = ['snmp', 'modbus', 'mqtt'].map((protocol) => {
            const devices = model.devices.filter((device) => device.site === id && device.address.protocol === protocol);
            return `${devices.length} by ${protocol}`;
        });
        const points = model.points.filter((point) => point.site === id).length;
        return `${id}: ${racks} racks, devices: ${protocols.join(', ')}; ${points} points`;
    });
    const total = `${model.racks.length} racks, ${model.devices.length} devices, ${model.points.length} points, ${model.rules.length} rules`;
    return [...sites, `total: ${total}; the field is ${model.field}`];
}
//# sourceMappingURL=check-config.js.map