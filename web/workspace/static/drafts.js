// Drafts stay with their conversation, in this tab until the agent logs out. Reply and private note
// have a draft each, so that a note never becomes a text to the consumer.

const PREFIX = "draft/";

// By form: the conversation and kind of the words in it. `isMakeshift`: nobody chose this kind, it
// is shown because the wanted one cannot be written now.
const contents = new WeakMap();

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

/** Say whether a form is set to the conversation and kind its words were written for. */
export function isSettled(form) {
  const { conversation, kind } = contents.get(form) ?? {};
  return conversation === form.dataset.draft && kind === checked(form);
}

/** Say whether a form holds the words of a conversation and kind. */
export const shows = (form, { conversation, kind }) =>
  contents.get(form)?.conversation === conversation && contents.get(form).kind === kind;

/** Save the draft of a form after its text has changed. */
export function keep(field) {
  const form = field.closest("form[data-draft]");
  if (!form || field !== box(form) || !isSettled(form)) return;
  const { conversation, kind } = contents.get(form);
  const kept = read(conversation);
  kept.texts[kind] = field.value;
  if (field.value) kept.kind = kind;
  write(conversation, kept);
}

/** Return the draft of a kind for a form's conversation. */
export const of = (form, kind) => read(form.dataset.draft).texts[kind] ?? "";

/** Show the draft of a kind that the agent has chosen. */
export function choose(form, kind) {
  const conversation = form.dataset.draft;
  write(conversation, { ...read(conversation), kind });
  show(form, kind, false);
}

/** Select a kind; the placeholder says who will read it. */
function check(form, kind) {
  radio(form, kind).checked = true;
  box(form).placeholder = radio(form, kind).dataset.says;
}

function show(form, kind, isMakeshift) {
  check(form, kind);
  box(form).value = of(form, kind);
  contents.set(form, { conversation: form.dataset.draft, kind, isMakeshift });
}

/** Put drafts into their forms after the page or a part of it has loaded. */
export function restore() {
  for (const form of forms()) settle(form);
  for (const said of document.querySelectorAll("[data-kept]")) {
    const words = read(said.dataset.kept).texts.reply ?? "";
    said.hidden = !words;
    said.querySelector("[data-words]").textContent = words;
  }
}

export function settle(form) {
  const now = contents.get(form);
  const first = form.querySelector("[name=kind]");
  const wanted = read(form.dataset.draft).kind ?? "reply";
  const kind = radio(form, wanted) ? wanted : first.value;
  const isHere = now?.conversation === form.dataset.draft && radio(form, now.kind);
  // Go back to the wanted kind once it can be written again, unless there are words already.
  const isLeft = isHere && now.isMakeshift && kind !== now.kind && !box(form).value;
  if (isHere && !isLeft) check(form, now.kind);
  else show(form, kind, kind !== wanted);
}

/** Return words without the sent ones at their beginning. */
export function without(words, sent) {
  return words.startsWith(sent) ? words.slice(sent.length).trimStart() : words;
}

/** Remove what was sent from its draft, and nothing else. The form may show another one. */
export function sent({ conversation, kind, text }) {
  const form = document.getElementById(`composer-form-${conversation}`);
  const kept = read(conversation);
  kept.texts[kind] = without(kept.texts[kind] ?? "", text);
  // The kind chosen for these words does not apply to later ones.
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
  // Keep the cursor where it is.
  field.setSelectionRange(Math.max(from, 0), Math.max(to, 0));
}

function changed({ target }) {
  const form = target.closest?.("form[data-draft]");
  if (form && target.name === "kind") choose(form, target.value);
}

/** Keep what was typed before the scripts had loaded, behind the draft that is there. */
function adopt(form) {
  const [typed, kind] = [box(form).value, checked(form)];
  const draft = of(form, kind);
  if (!typed || typed === draft) return;
  const kept = read(form.dataset.draft);
  kept.texts[kind] = [draft, typed].filter(Boolean).join("\n");
  write(form.dataset.draft, { ...kept, kind });
}

export function install() {
  forms().forEach(adopt);
  document.addEventListener("change", changed);
}
