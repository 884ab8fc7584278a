import { benchSnmp } from "./collect/snmp.js";
/**
 * Collecting from the field against its aims, from a built checkout: 30 s of warm-up, 60 s counted, section by section.
 * Prints each figure beside its aim; asserts none.
 */
await benchSnmp();
//# sourceMappingURL=collect.js.map