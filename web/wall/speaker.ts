import type { Speaker } from './sound.ts';

/** Of this browser. `changed`: it has begun to allow sound, or has stopped. */
export function openSpeaker(changed: () => void): Speaker & { readonly close: () => void } {
  const context = new AudioContext();
  context.addEventListener('statechange', changed);
  return {
    isAllowed: () => context.state === 'running',
    allow: () => context.resume(),
    close: () => void context.close(),
    play({ hz, atMs, forMs }) {
      const start = context.currentTime + atMs / 1_000;
      const end = start + forMs / 1_000;
      const oscillator = new OscillatorNode(context, { type: 'square', frequency: hz });
      const volume = new GainNode(context, { gain: 0 });
      // Without a ramp each tone would crack.
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.25, start + 0.01);
      volume.gain.setValueAtTime(0.25, end - 0.02);
      volume.gain.linearRampToValueAtTime(0, end);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(end);
    },
  };
}
