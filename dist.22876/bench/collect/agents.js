import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { respond } from "../../simulator/snmp/responder.js";
import { sortedSource } from "../../simulator/snmp/source.js";
import { agentCount, agentOid, firstPort, valuesPerAgent } from "./field.js";
/**
 * The agents of the bench, one UDP socket each, in a process of their own. Lean: the same question but for its id gets the
 * same answer but for its id. With `sick`, three in ten are: dead (every other one) or slow.
 */
const isSick = process.argv.includes('sick');
const slowMs = 2_000;
const source = sortedSource(Array.from({ length: valuesPerAgent }, (_, i) => ({
    oid: agentOid(i),
    value: { type: 'gauge32', value: 2_000 + i * 37 },
})), (varbind) => varbind);
/** Where the four bytes of a request's id stand: behind version, community and the head of the PDU. */
function placeOfId(datagram) {
    const skipHead = (at) => at + ((datagram[at + 1] ?? 0) < 0x80 ? 2 : 2 + ((datagram[at + 1] ?? 0) & 0x7f));
    const version = skipHead(0);
    const community = version + 3;
    const pdu = community + 2 + (datagram[community + 1] ?? 0);
    return skipHead(pdu) + 2;
}
function quickResponder(values) {
    let known;
    return (request) => {
        if (known?.request.length === request.length) {
            const { idAt, answerIdAt, answer } = known;
            const isSame = known.request.compare(request, 0, idAt, 0, idAt) === 0 &&
                known.request.compare(request, idAt + 4, request.length, idAt + 4) === 0;
            if (isSame) {
                request.copy(answer, answerIdAt, idAt, idAt + 4);
                return answer;
            }
        }
        const answer = respond(request, values);
        const idAt = placeOfId(request);
        if (answer !== undefined && request[idAt - 1] === 4)
            known = { request: Buffer.from(request), answer, idAt, answerIdAt: placeOfId(answer) };
        return answer;
    };
}
let served = 0;
async function serve(index) {
    const socket = createSocket({ type: 'udp4', lookup: (name, _options, found) => found(null, name, 4) });
    const responder = quickResponder(source);
    const sick = isSick && index % 10 < 3;
    const answer = (bytes, from) => {
        const reply = responder(bytes);
        if (reply === undefined)
            return;
        served += 1;
        socket.send(reply, from.port, from.address, ignore);
    };
    socket.on('message', (bytes, from) => {
        if (!sick)
            answer(bytes, from);
        else if (index % 2 === 1)
            setTimeout(() => answer(bytes, from), slowMs);
    });
    // Before it is bound, since nothing has to be looked up that could take time.
    const listening = once(socket, 'listening');
    socket.bind(firstPort + index, '127.0.0.1');
    await listening;
}
function ignore() {
    // The asker may be gone.
}
await Promise.all(Array.from({ length: agentCount }, (_, index) => serve(index)));
process.on('message', () => process.send?.({ served }));
process.send?.({ served });
//# sourceMappingURL=agents.js.map