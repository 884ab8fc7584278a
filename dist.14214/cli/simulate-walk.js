import { serveWalk } from "../simulator/walk/serve.js";
/** `pantau simulate walk FILE --port N`: a recorded walk as an agent on loopback. Rejects when the port is taken. */
export function simulateWalk(file, port) {
    return serveWalk(file, { port });
}
//# sourceMappingURL=simulate-walk.js.map