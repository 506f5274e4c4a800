// Offered conversations: the time left to accept them, and a sound that can be switched off.

const SILENT = "sound/off";
const TICK = 250;
const PAUSE = 2500;

// By offer: when it ends, by this computer's monotonic clock.
const ends = new Map();
let sound = null;
let played = -PAUSE;

const isOn = () => localStorage.getItem(SILENT) === null;

function show() {
  document.querySelector("#sound")?.setAttribute("aria-pressed", String(isOn()));
}

function toggle(event) {
  if (!event.target.closest("#sound")) return;
  if (isOn()) localStorage.setItem(SILENT, "yes");
  else localStorage.removeItem(SILENT);
  show();
}

function tone(at, pitch) {
  const [source, volume] = [sound.createOscillator(), sound.createGain()];
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
  source.connect(volume).connect(sound.destination);
  source.start(at);
  source.stop(at + 0.4);
}

function play(now) {
  // Browsers play no sound before the page has been used.
  const isUsed = navigator.userActivation?.hasBeenActive ?? true;
  if (!isOn() || !isUsed || now - played < PAUSE) return;
  played = now;
  sound ??= new AudioContext();
  tone(sound.currentTime, 880);
  tone(sound.currentTime + 0.2, 1175);
}

function count(card, now) {
  const { offer, left } = card.dataset;
  if (!ends.has(offer)) ends.set(offer, now + Number(left) * 1000);
  const seconds = Math.max(0, (ends.get(offer) - now) / 1000);
  card.querySelector("[data-countdown]").textContent = `${Math.ceil(seconds)} s`;
  card.querySelector("progress").value = seconds;
  card.hidden = seconds === 0;
}

function tick() {
  const cards = document.querySelectorAll("[data-offer]");
  const now = performance.now();
  for (const card of cards) count(card, now);
  if (document.querySelector("[data-offer]:not([hidden])")) play(now);
  if (!cards.length) ends.clear();
}

export function install() {
  document.addEventListener("click", toggle);
  setInterval(tick, TICK);
  show();
  tick();
}
