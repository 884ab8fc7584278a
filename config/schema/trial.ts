/**
 * The rule of the server's own trial alarm (config/library/rules/network.yaml): raised every hour to prove the way from a reading to a
 * message. Its alarms and incidents are no disturbances: lists, counts and figures leave them out.
 */
export const trialRule = 'trial';
