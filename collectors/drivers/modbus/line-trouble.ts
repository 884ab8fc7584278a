import type { SerialLine } from '../../../config/model.ts';
import { FieldError } from '../driver.ts';

/** What the system says of a port that cannot be used, and what to do about it. */
const troubles: readonly { readonly said: RegExp; readonly means: (path: string) => string }[] = [
  {
    said: /no such (file|device)|ENOENT|ENODEV|ENXIO/i,
    means: (path) =>
      `no such device ${path}: is the adapter plugged in? "ls -l /dev/serial/by-id" lists those that are`,
  },
  {
    said: /permission denied|EACCES/i,
    means: (path) =>
      `no permission to open ${path}: add the user that runs Pantau to the group dialout ("usermod -aG dialout USER") and start it again; in a container, pass the device and the group`,
  },
  {
    said: /cannot lock|temporarily unavailable|busy|EBUSY|EAGAIN/i,
    means: (path) =>
      `${path} is busy: another program has it open (a second Pantau, a modem manager), or the same line is configured under another name`,
  },
  {
    said: /inappropriate ioctl|not a tty|ENOTTY|unsupported device/i,
    means: (path) => `${path} is no serial line`,
  },
  {
    said: /disconnected|bad file descriptor|input\/output|EIO|EBADF|closed/i,
    means: (path) =>
      `${path} went away while it was open: the adapter was unplugged; it is opened again when it is back`,
  },
];

/** Of a serial line that could not be opened, or that ended. */
export function lineTrouble({ path }: Pick<SerialLine, 'path'>, error: unknown): FieldError {
  const said = error instanceof Error ? error.message : String(error);
  const known = troubles.find((trouble) => trouble.said.test(said));
  return new FieldError('refused', known?.means(path) ?? `${path}: ${said}`, { cause: error });
}
