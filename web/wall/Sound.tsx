import { Volume2, VolumeX } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isWaiting, worstIncident } from '../../domain/severity.ts';
import { useOpenIncidents } from '../api/queries.ts';
import { useSession } from '../app/session.tsx';
import { createAlarmSound } from './sound.ts';
import { openSpeaker } from './speaker.ts';

const storageKey = 'pantau.suara';

/** A wall sounds unless somebody has silenced it there; a desk is silent unless somebody wants to hear it. */
function wantsSound(isWall: boolean): boolean {
  const kept = localStorage.getItem(storageKey);
  return kept === null ? isWall : kept === 'on';
}

/** The most urgent that nobody has acknowledged is heard until somebody does. A browser that wants a click first says so in plain sight. */
export function Sound(): ReactNode {
  const { t } = useTranslation();
  const isWall = useSession().now.user?.role === 'wall';
  const [isOn, setOn] = useState(() => wantsSound(isWall));
  const incidents = useOpenIncidents();
  const waiting = worstIncident((incidents ?? []).filter(isWaiting));
  const { speaker, sound, isAllowed } = useSpeaker();
  const heard = isOn && isAllowed ? (waiting?.priority ?? null) : null;
  useEffect(() => {
    sound.set(heard);
  }, [sound, heard]);
  const turn = (on: boolean): void => {
    localStorage.setItem(storageKey, on ? 'on' : 'off');
    setOn(on);
  };
  const enable = async (): Promise<void> => {
    turn(true);
    await speaker.allow();
    sound.test('P3');
  };
  if (!isOn || !isAllowed)
    return (
      <button type="button" className={isOn ? 'sound sound--blocked' : 'sound'} onClick={() => void enable()}>
        <VolumeX aria-hidden="true" size="1.3em" /> {t(isOn ? 'sound.blocked' : 'sound.off')}
      </button>
    );
  return (
    <span className="sound-on">
      <button
        type="button"
        className="sound"
        onClick={() => {
          sound.test(waiting?.priority ?? 'P1');
        }}
      >
        <Volume2 aria-hidden="true" size="1.3em" /> {t('sound.test')}
      </button>
      <button
        type="button"
        className="sound"
        aria-label={t('sound.silence')}
        title={t('sound.silence')}
        onClick={() => {
          turn(false);
        }}
      >
        <VolumeX aria-hidden="true" size="1.3em" />
      </button>
    </span>
  );
}

/** The sound of this page, and whether the browser lets it be heard, as a store of its own. */
function openSound() {
  const listeners = new Set<() => void>();
  const speaker = openSpeaker(() => {
    for (const listener of listeners) listener();
  });
  const sound = createAlarmSound(speaker, (ms, work) => {
    const timer = setInterval(work, ms);
    return () => {
      clearInterval(timer);
    };
  });
  return {
    speaker,
    sound,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function useSpeaker() {
  const [{ speaker, sound, subscribe }] = useState(openSound);
  const isAllowed = useSyncExternalStore(subscribe, () => speaker.isAllowed());
  useEffect(
    () => () => {
      sound.stop();
      speaker.close();
    },
    [sound, speaker],
  );
  return { speaker, sound, isAllowed };
}
