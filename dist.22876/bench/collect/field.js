/** What is asked of whom, by every collector that is measured. */
export const agentCount = 1_500;
export const valuesPerAgent = 30;
export const firstPort = 26_000;
export const agentOid = (value) => `1.3.6.1.4.1.9999.1.${value + 1}.0`;
//# sourceMappingURL=field.js.map