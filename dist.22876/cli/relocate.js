import { loadConfig } from "../config/load.js";
import { withSimulatedField } from "../config/simulated.js";
/** While the field is simulated, a device of the configuration stands at the simulator's address. */
export function relocation(environment) {
    const loaded = loadConfig(environment.PANTAU_CONFIG);
    if (!loaded.ok || loaded.model.field === 'real')
        return undefined;
    const simulated = withSimulatedField(loaded.model, environment.PANTAU_SIMULATOR_PORT);
    return (device) => simulated.deviceById.get(device.key) ?? device;
}
//# sourceMappingURL=relocate.js.map