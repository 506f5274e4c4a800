// What is written and not sent yet stays with its conversation, in this tab until logging out: one
// draft as a reply and one as a private note, so that a note never becomes a text to the consumer.

const PREFIX = "draft/";

// By form: of which conversation and kind the words are that stand in it. `isMakeshift`: nobody
// chose that kind, the other one may not be written.
const standing = new WeakMap();

const owner = () => document.querySelector("#workspace")?.dataset.agent ?? "";
const keyOf = (conversation) => `${PREFIX}${owner()}/${conversation}`;
const forms = () => document.querySelectorAll("form[data-draft]");
const box = (form) => form.querySelector("textarea");
const radio = (form, kind) => form.querySelector(`[name=kind][value="${kind}"]`);
const checked = (form) => form.querySelector("[name=kind]:checked")?.value;

function read(conversation) {
  return JSON.parse(sessionStorage.getItem(keyOf(conversation))) ?? { texts: {} };
}

function write(conversation, kept) {
  const isWorthIt = kept.kind || Object.values(kept.texts).some(Boolean);
  if (isWorthIt) sessionStorage.setItem(keyOf(conversation), JSON.stringify(kept));
  else sessionStorage.removeItem(keyOf(conversation));
}

/** Say whether a form shows the conversation and kind that its words were written for. */
export function isSettled(form) {
  const { conversation, kind } = standing.get(form) ?? {};
  return conversation === form.dataset.draft && kind === checked(form);
}

/** Say whether the words of a conversation, of one kind, stand in a form. */
export const shows = (form, { conversation, kind }) =>
  standing.get(form)?.conversation === conversation && standing.get(form).kind === kind;

/** Keep what stands in a form, after its text has changed. */
export function keep(field) {
  const form = field.closest("form[data-draft]");
  if (!form || field !== box(form) || !isSettled(form)) return;
  const { conversation, kind } = standing.get(form);
  const kept = read(conversation);
  kept.texts[kind] = field.value;
  if (field.value) kept.kind = kind;
  write(conversation, kept);
}

/** Return the draft of a kind for a form's conversation. */
export const of = (form, kind) => read(form.dataset.draft).texts[kind] ?? "";

/** Show the draft of a kind in a form, that kind being chosen by somebody. */
export function choose(form, kind) {
  const conversation = form.dataset.draft;
  write(conversation, { ...read(conversation), kind });
  show(form, kind, false);
}

/** Choose a kind; the empty box says who is going to read it. */
function check(form, kind) {
  radio(form, kind).checked = true;
  box(form).placeholder = radio(form, kind).dataset.says;
}

function show(form, kind, isMakeshift) {
  check(form, kind);
  box(form).value = of(form, kind);
  standing.set(form, { conversation: form.dataset.draft, kind, isMakeshift });
}

/** Put into each form what belongs there, after the page or a part of it has come. */
export function restore() {
  for (const form of forms()) settle(form);
  for (const said of document.querySelectorAll("[data-kept]")) {
    const words = read(said.dataset.kept).texts.reply ?? "";
    said.hidden = !words;
    said.querySelector("[data-words]").textContent = words;
  }
}

export function settle(form) {
  const now = standing.get(form);
  const first = form.querySelector("[name=kind]");
  const wanted = read(form.dataset.draft).kind ?? "reply";
  const kind = radio(form, wanted) ? wanted : first.value;
  const isHere = now?.conversation === form.dataset.draft && radio(form, now.kind);
  // A kind that may be written again is gone back to, but not away from somebody's words.
  const isLeft = isHere && now.isMakeshift && kind !== now.kind && !box(form).value;
  if (isHere && !isLeft) check(form, now.kind);
  else show(form, kind, kind !== wanted);
}

/** Return words without those that were sent, if they still begin with them. */
export function without(words, sent) {
  return words.startsWith(sent) ? words.slice(sent.length).trimStart() : words;
}

/** Take out what was sent, and nothing else: it may not stand in the box any more. */
export function sent({ conversation, kind, text }) {
  const form = document.getElementById(`composer-form-${conversation}`);
  const kept = read(conversation);
  kept.texts[kind] = without(kept.texts[kind] ?? "", text);
  // What was chosen for these words does not hold for those of another day.
  if (!kept.texts[kind]) delete kept.kind;
  write(conversation, kept);
  if (form && shows(form, { conversation, kind })) shorten(box(form), text);
}

function shorten(field, text) {
  const left = without(field.value, text);
  const taken = field.value.length - left.length;
  const [from, to] = [field.selectionStart - taken, field.selectionEnd - taken];
  if (!taken) return;
  field.value = left;
  // Where somebody writes they write on.
  field.setSelectionRange(Math.max(from, 0), Math.max(to, 0));
}

function changed({ target }) {
  const form = target.closest?.("form[data-draft]");
  if (form && target.name === "kind") choose(form, target.value);
}

export function install() {
  document.addEventListener("change", changed);
}
