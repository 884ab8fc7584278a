/** What the publisher and the collector of the bench agree on. */
export function topicOf(device) {
    return `bench/device-${device}`;
}
/** About what a climate sensor behind a gateway says. */
export function payloadOf(sequence) {
    return `{"temperature":23.4,"humidity":45.1,"battery":87,"voltage":2950,"linkquality":120,"sequence":${sequence}}`;
}
//# sourceMappingURL=mqtt-messages.js.map