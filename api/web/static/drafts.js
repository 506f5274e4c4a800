// What is written and not sent yet stays with its conversation, in this tab until logging out. A
// private note stays one: restored as a reply it would go to the consumer.

const PREFIX = "draft/";

const chosen = (form) => form.querySelector("[name=kind]:checked")?.value;

/** Keep what stands in a form, after one of its fields has changed. */
export function keep(field) {
  const form = field.closest("[data-draft]");
  if (!form) return;
  const [key, text] = [PREFIX + form.dataset.draft, form.querySelector("textarea").value];
  if (text) sessionStorage.setItem(key, JSON.stringify({ text, kind: chosen(form) }));
  else sessionStorage.removeItem(key);
}

/** Forget the draft of a conversation that is not open any more, if it is what was sent. */
export function forget(conversation, sent) {
  const kept = JSON.parse(sessionStorage.getItem(PREFIX + conversation));
  if (kept && [...sent.values()].includes(kept.text)) sessionStorage.removeItem(PREFIX + conversation);
}

export function restore() {
  for (const form of document.querySelectorAll("[data-draft]")) {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.draft));
    const field = form.querySelector("textarea");
    if (!kept || field.value) continue;
    const kind = form.querySelector(`[name=kind][value="${kept.kind}"]`);
    // Where such a thing may not be written any more it is not turned into something else.
    if (!kind) continue;
    kind.checked = true;
    field.value = kept.text;
  }
}
