import { pushBrowser, pushPage, type PushBrowser } from '../../server/contracts/push.ts';
import { startWorker } from '../app/worker.ts';
import { ApiError, type Api } from '../api/client.ts';

/** Why this browser cannot receive pages; `ask`: it can, once the person allows it. */
export type PushState = 'insecure' | 'unsupported' | 'denied' | 'ask' | 'granted';

/** Browsers offer push on https only; on an iPhone only to a page that was added to the home screen. */
export function pushState(): PushState {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'unsupported';
  const { permission } = Notification;
  return permission === 'default' ? 'ask' : permission;
}

/** Asks the person if need be, and tells the server how to reach this browser. Undefined: it was not allowed. */
export async function allowPush(api: Api, publicKey: string): Promise<PushBrowser | undefined> {
  if ((await Notification.requestPermission()) !== 'granted') return undefined;
  await startWorker();
  return announce(api, publicKey, await navigator.serviceWorker.ready);
}

/** At each visit of somebody who has allowed it here: a subscription that nobody renews is dead before anyone notices. */
export async function renewPush(api: Api): Promise<void> {
  if (pushState() !== 'granted') return;
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration === undefined || (await registration.pushManager.getSubscription()) === null) return;
  const { publicKey, person } = await api.get('push', pushPage);
  if (publicKey !== null && person !== null) await announce(api, publicKey, registration);
}

/** Ends it in this browser; the server learns it at its next attempt if it cannot be told now. */
export async function endPush(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function announce(
  api: Api,
  publicKey: string,
  { pushManager }: ServiceWorkerRegistration,
): Promise<PushBrowser> {
  const subscribe = async (): Promise<PushBrowser> => {
    const subscription = await pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: publicKey,
    });
    const body = { ...subscription.toJSON(), device: deviceName(navigator.userAgent) };
    return api.send('POST', 'push/browsers', { body, schema: pushBrowser });
  };
  const known = await pushManager.getSubscription();
  // A server that was set up again has another key, and the old subscription refuses it.
  if (known !== null && keyOf(known) !== publicKey) await known.unsubscribe();
  try {
    return await subscribe();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    // The push service has forgotten the address: another one is given only after this one is ended.
    await (await pushManager.getSubscription())?.unsubscribe();
    return subscribe();
  }
}

function keyOf({ options }: PushSubscription): string | undefined {
  const key = options.applicationServerKey;
  if (key === null) return undefined;
  const text = btoa(String.fromCharCode(...new Uint8Array(key)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const browsers = [/Edg\//, /OPR\//, /Firefox\//, /Chrome\//, /Safari\//];
const browserNames = ['Edge', 'Opera', 'Firefox', 'Chrome', 'Safari'];
const systems = [/Android/, /iPhone|iPad/, /Windows/, /Mac OS/, /Linux/];
const systemNames = ['Android', 'iOS', 'Windows', 'macOS', 'Linux'];

/** "Chrome, Android": enough to tell a phone from a desk. */
function deviceName(userAgent: string): string {
  const browser = browserNames[browsers.findIndex((pattern) => pattern.test(userAgent))] ?? 'Browser';
  const system = systemNames[systems.findIndex((pattern) => pattern.test(userAgent))];
  return system === undefined ? browser : `${browser}, ${system}`;
}
