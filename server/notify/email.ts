import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { NoAddress, TryLater, type ChannelDriver } from './channel.ts';

const failure = z.object({
  responseCode: z.number().optional(),
  /** The SMTP command that was refused. */
  command: z.string().optional(),
  message: z.string(),
});

/** A refusal of these is about this message or address; of any other, such as the sign-in, about the server. */
const ofMessage = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/** A mail server that hangs must not hold the queue: each phase has its limit. */
const connectMs = 10_000;
const answerMs = 20_000;

/**
 * Mail by SMTP (`smtp://user:password@host:port`, `smtps://…`). A 5xx answer about the message or address is for good, whatever else fails
 * is tried again. The Message-ID is the message's key: a mailbox that gets it twice shows or drops the second as equal. Messages about one storm
 * refer to the first of them, so that mail programs show them as one conversation.
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
    async send(person, { key, thread, subject, text, html, urgent, cc, attachments = [] }, signal) {
      if (person.email === undefined) throw new NoAddress('the person has no e-mail address');
      try {
        const sending = transport.sendMail({
          from,
          to: { name: person.name, address: person.email },
          ...(cc === undefined ? {} : { cc: [...cc] }),
          // Header lines end at a line break: nothing of a name or note may start another one.
          subject: subject.replaceAll(/[\r\n]+/g, ' '),
          text,
          html,
          messageId: `<${key}@${domain}>`,
          ...(thread === key
            ? {}
            : { inReplyTo: `<${thread}@${domain}>`, references: [`<${thread}@${domain}>`] }),
          priority: urgent ? 'high' : 'normal',
          attachments: attachments.map(({ name, type, bytes }) => ({
            filename: name,
            contentType: type,
            content: Buffer.from(bytes),
          })),
        });
        // A server that answers a line now and then resets every timeout of the socket.
        const info = await Promise.race([sending, aborted(signal)]);
        return info.response;
      } catch (cause) {
        const {
          responseCode,
          command = '',
          message,
        } = failure.catch({ message: String(cause) }).parse(cause);
        if (responseCode !== undefined && responseCode >= 500 && ofMessage.has(command))
          throw new NoAddress(message, { cause });
        if (cause instanceof TryLater) throw cause;
        // Without an answer after the text was handed over, only the server knows whether it took it.
        throw new TryLater(message, {
          cause,
          mayHaveArrived: responseCode === undefined && command === 'DATA',
        });
      }
    },
    close: () => transport.close(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void =>
      reject(new TryLater('the mail server did not take the message in time', { mayHaveArrived: true }));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
