import { defined } from '../../core/defined.ts';
import { webhookChannels, type People, type WebhookChannel } from '../schema/people.ts';

/** A channel that posts JSON, with its secrets. */
interface WebhookSetup {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Signs what is sent. */
  readonly secret?: string;
}

/** People as the server uses them: secrets are looked up. */
export interface PeopleModel extends Omit<People, 'channels'> {
  readonly webhooks: Partial<Readonly<Record<WebhookChannel, WebhookSetup>>>;
  /** Whom a push service may write to. */
  readonly pushContact?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function buildPeople({ channels, ...people }: People, env: Environment): PeopleModel {
  const webhooks: Partial<Record<WebhookChannel, WebhookSetup>> = {};
  for (const name of webhookChannels) {
    const entry = channels[name];
    if (entry === undefined) continue;
    const token = entry.token === undefined ? '' : (env[entry.token.env] ?? '');
    const withToken = (text: string): string => text.replaceAll('{token}', token);
    webhooks[name] = {
      url: withToken(entry.url),
      headers: Object.fromEntries(Object.entries(entry.headers).map(([key, value]) => [key, withToken(value)])),
      body: entry.body,
      ...defined({ secret: entry.secret === undefined ? undefined : env[entry.secret.env] }),
    };
  } // prettier-ignore
  return { ...people, webhooks, ...defined({ pushContact: channels.push?.contact }) };
}
