// The sound of an incoming conversation.

const SILENT = "sound/off";
const PAUSE_MS = 2500;

/** What plays, made when it is first needed. @type {{ context: AudioContext | null, playedAt: number }} */
const player = { context: null, playedAt: -PAUSE_MS };

/** Say whether the reader wants to hear it. */
export const isOn = () => localStorage.getItem(SILENT) === null;

/** Switch it, and say whether it is on now. */
export function toggle() {
  if (isOn()) localStorage.setItem(SILENT, "yes");
  else localStorage.removeItem(SILENT);
  return isOn();
}

/** Play it, unless it has just been played. */
export function play() {
  const now = performance.now();
  // Browsers play no sound before the page has been used.
  const isUsed = navigator.userActivation?.hasBeenActive ?? true;
  if (!isOn() || !isUsed || now - player.playedAt < PAUSE_MS) return;
  player.playedAt = now;
  player.context ??= new AudioContext();
  tone(player.context, 0, 880);
  tone(player.context, 0.2, 1175);
}

/** @param {AudioContext} context @param {number} after @param {number} pitch */
function tone(context, after, pitch) {
  const [source, volume, at] = [
    context.createOscillator(),
    context.createGain(),
    context.currentTime + after,
  ];
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 0.4);
}
