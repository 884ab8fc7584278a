"""A Modbus server with given holding registers, on TCP or, with a third argument "rtu", with RTU frames over TCP.

Reads {"<first address>": [words], ...} from a file; says its port. With the path of a serial line in place of the port and "serial",
followed by units, as third and further arguments: those units on that line, each with the registers, the first of them plus its number.
With "units", a vendor's name, a product code and units: those units behind one TCP port, which identify themselves by these texts.
"""
import asyncio
import json
import socket
import sys
import types

# pymodbus imports its serial half for TCP too, but Debian only recommends what that half needs.
for name in ("serial", "serial_asyncio"):
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].create_serial_connection = None

from pymodbus.device import ModbusDeviceIdentification
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

with open(sys.argv[1], encoding="utf-8") as file:
    recorded = json.load(file)
words = {}
for first, values in recorded.items():
    for offset, value in enumerate(values):
        words[int(first) + offset] = value

serial_line = sys.argv[3:4] == ["serial"]
port = 0 if serial_line else int(sys.argv[2])
if port == 0:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]


async def serve():
    slave = ModbusSlaveContext(hr=ModbusSparseDataBlock(words), zero_mode=True)
    framer = ModbusRtuFramer if sys.argv[3:] == ["rtu"] else ModbusSocketFramer
    context = ModbusServerContext(slaves=slave, single=True)
    identity = None
    if sys.argv[3:4] == ["units"]:
        context = ModbusServerContext(slaves={int(each): unit(int(each)) for each in sys.argv[6:]}, single=False)
        identity = ModbusDeviceIdentification(info={0x00: sys.argv[4], 0x01: sys.argv[5], 0x02: "1.0"})
    server = ModbusTcpServer(
        context, framer=framer, identity=identity, address=("127.0.0.1", port), allow_reuse_address=True
    )
    task = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print(port, flush=True)
    await task


def unit(number):
    own = dict(words)
    own[min(own)] += number
    return ModbusSlaveContext(hr=ModbusSparseDataBlock(own), zero_mode=True)


async def serve_line():
    context = ModbusServerContext(slaves={int(each): unit(int(each)) for each in sys.argv[4:]}, single=False)
    server = ModbusSerialServer(
        context, framer=ModbusRtuFramer, port=sys.argv[2], baudrate=9600, ignore_missing_slaves=True
    )
    await server.start()
    print(0, flush=True)
    await server.serve_forever()


asyncio.run(serve_line() if serial_line else serve())
