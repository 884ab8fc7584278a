import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BrokerTls } from '../../config/model.ts';
import { createAuthority, type Authority, type Certificate } from '../support/certificates.ts';
import { eventually } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { climate, listen } from '../support/mqtt-field.ts';
import { peer } from '../support/peers.ts';

const cleanups: (() => unknown)[] = [];
let authority: Authority;
beforeEach(() => {
  authority = createAuthority();
  cleanups.push(() => authority.remove());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Setting {
  readonly server?: Certificate;
  readonly tls?: Partial<BrokerTls>;
  readonly lines?: readonly string[];
}

/** A broker with a certificate, a client that may publish, and the collector with the settings of the test. */
async function field(program: string, { server, tls, lines = [] }: Setting) {
  const { cert, key } = server ?? authority.sign('localhost');
  const files = [`certfile ${cert}`, `keyfile ${key}`, `cafile ${authority.cert}`];
  const broker = await startMosquitto(program, { lines: [...files, 'allow_anonymous true', ...lines] });
  cleanups.push(() => broker.stop());
  const address = {
    key: 't/main',
    url: `mqtts://localhost:${broker.port}`,
    tls: { ca: authority.cert, ...tls },
  };
  const listening = listen([climate(address)]);
  cleanups.push(() => listening.stop());
  const own = authority.sign('publisher');
  const publish = async (text: string) => {
    const client = await broker.connect({
      host: 'localhost',
      protocol: 'mqtts',
      ca: readFileSync(authority.cert),
      cert: readFileSync(own.cert),
      key: readFileSync(own.key),
    });
    await client.publishAsync('climate', text, { qos: 1 });
  };
  return { ...listening, publish };
}

describe('a broker behind TLS', () => {
  test('is read when its certificate comes from the authority that was named', async (context) => {
    const { seen, said, publish } = await field(peer(context, 'mosquitto'), {});
    await eventually('it is connected', () => said('broker connected').length === 1);
    await publish('{"temperature":22}');
    await eventually('the message came', () => seen.last('t/climate/temperature')?.value === 22);
    expect(said('broker lost')).toEqual([]);
  });

  test('is read with a client certificate where it asks for one', async (context) => {
    const { cert, key } = authority.sign('pantau');
    const { seen, said, publish } = await field(peer(context, 'mosquitto'), {
      tls: { cert, key: { pem: readFileSync(key, 'utf8') } },
      lines: ['require_certificate true'],
    });
    await eventually('it is connected', () => said('broker connected').length === 1);
    await publish('{"temperature":22}');
    await eventually('the message came', () => seen.last('t/climate/temperature')?.value === 22);
    expect(said('broker lost')).toEqual([]);
  });

  test('is refused by one clear line, again and again, when it comes from another authority', async (context) => {
    const other = createAuthority();
    cleanups.push(() => other.remove());
    const { said, health } = await field(peer(context, 'mosquitto'), {
      server: other.sign('localhost'),
      tls: { ca: authority.cert },
    });
    await eventually('it is said', () => said('not signed by the authority in tls.ca').length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(said('broker lost')).toHaveLength(1);
    expect(said('broker connected')).toEqual([]);
    expect(health('climate')?.state).toBe('unknown');
  });

  test.for<[string, RegExp, () => Setting]>([
    [
      'its certificate has expired',
      /has expired/,
      () => ({ server: authority.sign('localhost', { days: -1 }) }),
    ],
    [
      'its certificate is for another name',
      /another name/,
      () => ({ tls: { servername: 'broker.example.org' } }),
    ],
    [
      'it asks for a client certificate and there is none',
      /set tls\.cert and tls\.key/,
      () => ({ lines: ['require_certificate true'] }),
    ],
  ])('says what to do when %s', async ([_name, line, setting], context) => {
    const { said } = await field(peer(context, 'mosquitto'), setting());
    await eventually('it is said', () => said('broker lost').some((text) => line.test(text)));
    expect(said('broker connected')).toEqual([]);
  });
});
