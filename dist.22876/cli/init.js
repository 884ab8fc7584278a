import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from "./usage.js";
const root = `# What this installation watches. Check every change:  npx pantau check-config --config DIR
# Periksa setiap perubahan dengan perintah di atas sebelum dipakai.

# "simulated": every device is played by the simulator, and every page says SIMULASI. "real": the devices themselves are polled.
# Ganti menjadi "real" bila alamat perangkat di sites/ sudah benar.
field: simulated

# One file each in sites/.
sites: [dc]

# The catalogue that limits and priorities come from; it ships with the product.
standard: sc-11-2023

# How often the devices of each class are polled. A profile names its class; a device may name another.
intervals: { safety: 1s, power: 2s, normal: 10s, slow: 60s }

# Profiles, rules, standards and calendars ship with the product. A file of the same name in this folder, such as
# rules/power.yaml, profiles/ups/rfc1628.yaml or calendar/2027.yaml, is read instead of the shipped one.
`;
const site = `# One site: its rooms and devices. "check-config" reports every mistake with its line.
# Sesuaikan nama, ruang dan alamat perangkat di bawah ini.
name: DC
building: Gedung contoh # the name of the building
# The site's entry in the catalogue: dc, smart-dc or drc.
standard: dc
# Impact of an incident where no service is named: tinggi, sedang or rendah.
impact: tinggi

rooms:
  # kind: data-hall, ups, battery, genset, panel, cooling, mantrap, corridor, ocr, network or fuel
  - { room: hall-1, kind: data-hall, name: { id: Ruang data 1, en: Data hall 1 } }

devices:
  # A UPS whose network card answers SNMP by the standard UPS-MIB. Other models: npx pantau probe --snmp HOST
  # Ganti alamat dengan alamat kartu jaringan UPS.
  - device: ups-1
    profile: ups/rfc1628
    address: 192.0.2.10 # HOST or HOST:PORT
    room: hall-1
    # snmp: { version: '2c', community: public }

  # A temperature and humidity sensor in the room, judged by the limits of the catalogue.
  # "position: inlet" dipakai bila sensor terpasang di depan rak.
  - device: sensor-1
    profile: env/hwg-ste
    address: 192.0.2.11
    parts: { sensors: [sensor-1] } # the sensors that are plugged in
    room: hall-1
    position: room
`;
/** `pantau init DIR`: a small commented configuration to begin with. Throws UsageError when the folder holds anything. */
export function initConfig(dir, write) {
    if (entriesOf(dir).length > 0)
        throw new UsageError(`${dir} is not empty; name a new or an empty folder: pantau init DIR`);
    mkdirSync(path.join(dir, 'sites'), { recursive: true });
    for (const [file, text] of [['pantau.yaml', root], ['sites/dc.yaml', site]]) {
        writeFileSync(path.join(dir, file), text);
        write(path.join(dir, file));
    } // prettier-ignore
    write(`Next: edit them, then  npx pantau check-config --config ${dir}  and  PANTAU_CONFIG=${dir} npx pantau serve`);
}
function entriesOf(dir) {
    try {
        return readdirSync(dir);
    }
    catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
            return [];
        throw new UsageError(`${dir} is not a folder that can be read; name a new or an empty folder: pantau init DIR`);
    }
}
//# sourceMappingURL=init.js.map