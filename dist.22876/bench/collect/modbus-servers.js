import { createServer } from 'node:net';
/** So many Modbus TCP gateways, every register its own address plus one; prints their ports as JSON. Ends with its parent. */
const count = Number(process.argv[2] ?? '300');
const requestBytes = 12;
function answer(request) {
    const first = request.readUInt16BE(8);
    const length = request.readUInt16BE(10);
    const frame = Buffer.alloc(9 + length * 2);
    request.copy(frame, 0, 0, 8);
    frame.writeUInt16BE(3 + length * 2, 4);
    frame.writeUInt8(length * 2, 8);
    for (let index = 0; index < length; index += 1)
        frame.writeUInt16BE(first + index + 1, 9 + index * 2);
    return frame;
}
const ports = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer((socket) => {
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.on('data', (data) => {
            for (let at = 0; at + requestBytes <= data.length; at += requestBytes)
                socket.write(answer(data.subarray(at, at + requestBytes)));
        });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string')
        throw new Error('no port');
    return address.port;
}));
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.on('end', () => process.exit()).resume();
//# sourceMappingURL=modbus-servers.js.map