import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { GiveUp, TryLater, type ChannelDriver } from './channel.ts';

const failure = z.object({ responseCode: z.number().optional(), message: z.string() });

/** A mail server that hangs must not hold the queue: each phase has its limit. */
const connectMs = 10_000;
const answerMs = 20_000;

/**
 * Mail by SMTP (`smtp://user:password@host:port`, `smtps://…`). A 5xx answer is for good, whatever else fails is tried again. The
 * Message-ID is the message's key: servers and clients drop the second of two equal ones.
 */
export function createEmailChannel(options: {
  readonly url: string;
  readonly from: string;
  /** Of the installation, for Message-ID: `pantau.example`. */
  readonly domain: string;
}): ChannelDriver {
  const { url, from, domain } = options;
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
  });
  return {
    async send(person, { key, subject, text, urgent }) {
      if (person.email === undefined) throw new GiveUp('the person has no e-mail address');
      try {
        const info = await transport.sendMail({
          from,
          to: { name: person.name, address: person.email },
          // Header lines end at a line break: nothing of a name or note may start another one.
          subject: subject.replaceAll(/[\r\n]+/g, ' '),
          text,
          messageId: `<${key}@${domain}>`,
          priority: urgent ? 'high' : 'normal',
        });
        return info.response;
      } catch (cause) {
        const { responseCode, message } = failure.catch({ message: String(cause) }).parse(cause);
        if (responseCode !== undefined && responseCode >= 500) throw new GiveUp(message, { cause });
        throw new TryLater(message, { cause });
      }
    },
    close: () => transport.close(),
  };
}
