// A detail of the consumer that is edited where it stands. Enter saves, Escape leaves it as it was,
// and leaving the box saves too, so that nothing typed is lost.

import { html, useLayoutEffect, useId, useRef, useState } from "../../../island/html.js";
import { Button, Failure } from "../../../island/parts.js";
import { t } from "../../../island/words.js";
import { useWorkspace } from "../../store.js";
import { save } from "./saving.js";
import { Input, inWords, meant, written } from "./values.js";

/** @import { Children } from "../../../island/html.js" */
/** @import { ConsumerDetail } from "../../../wire.js" */
/** @import { Detail } from "./saving.js" */

/** @typedef {{ consumer: ConsumerDetail, detail: Detail }} Props */

/** A row of the card. @param {Props} props */
export function DetailRow({ consumer, detail }) {
  return html`<div><dt>${detail.label}</dt><dd><${InPlace} consumer=${consumer} detail=${detail} /></dd></div>`;
}

/**
 * The value, or the box to change it. `shown`: what stands for an empty value.
 * @param {Props & { shown?: Children, name?: string }} props
 */
export function InPlace({ consumer, detail, shown, name = detail.name }) {
  const [began, begin] = useState(/** @type {ConsumerDetail | null} */ (null));
  const opener = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const [comesBack, comeBack] = useState(false);
  useLayoutEffect(() => {
    // Whoever went on to something else while it was being saved stays there.
    if (comesBack && !began && document.activeElement === document.body) opener.current?.focus();
  }, [comesBack, began]);
  const end = (/** @type {boolean} */ isByKey) => {
    comeBack(isByKey);
    begin(null);
  };
  if (began) {
    return html`<${Editor} began=${began} detail=${detail} onEnd=${end} onOvertaken=${begin} />`;
  }
  return html`<${Shown} detail=${detail} shown=${shown} name=${name} opener=${opener} onBegin=${() => begin(consumer)} />`;
}

/**
 * @param {{ detail: Detail, shown?: Children, name: string, onBegin: () => void,
 *   opener: { current: HTMLButtonElement | null } }} props
 */
function Shown({ detail, shown, name, opener, onBegin }) {
  const { label, kind, value, mayEdit, isRequired } = detail;
  const words = inWords(kind, value);
  const places = { label, value: words };
  if (!mayEdit)
    return html`<span dir="auto">${words || html`<span class="quiet">${t("Not known")}</span>`}</span>`;
  const edit = words ? t("{label}: {value}. Change.", places) : t("Add: {label}", places);
  const missing = isRequired ? html`<span class="missing">${t("Missing")}</span>` : t("Add");
  const button = html`<button type="button" class="in-place ${words ? "" : "empty"}" data-detail=${name} aria-label=${edit} ref=${opener} onClick=${onBegin}>
    ${kind === "link" && words ? t("Change") : html`<span dir="auto">${words || shown || missing}</span>`}</button>`;
  if (kind !== "link" || !words) return button;
  return html`<a href=${words} target="_blank" rel="noopener noreferrer nofollow" dir="ltr" class="field-link">${words}</a> ${button}`;
}

/**
 * @typedef {{ began: ConsumerDetail, detail: Detail, onEnd: (isByKey: boolean) => void,
 *   onOvertaken: (consumer: ConsumerDetail) => void }} Editing
 */

/** @param {Editing} props */
function Editor(props) {
  const { detail } = props;
  const id = useId();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const { text, setText, told, isBusy, give, leave } = useSaving(props);
  useLayoutEffect(() => {
    const box = form.current?.querySelector("input, textarea, select");
    if (box instanceof HTMLElement) box.focus();
    if (box instanceof HTMLInputElement && box.type !== "date") box.select();
  }, []);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    give(true);
  };
  const left = (/** @type {FocusEvent} */ event) => {
    const isInside = form.current?.contains(/** @type {Node | null} */ (event.relatedTarget));
    // A window that is left for another one comes back to the box.
    if (!isInside && document.hasFocus() && !told) give(false);
  };
  // Some browsers give no focus to a button that is clicked: the box would count as left.
  const stay = (/** @type {Event} */ event) => event.preventDefault();
  return html`<form class="in-place-form" ref=${form} onSubmit=${submit} onKeyDown=${(/** @type {KeyboardEvent} */ event) => pressed(event, leave, give)} onFocusOut=${left} noValidate>
    <label class="hidden" for=${id}>${detail.label}</label>
    <${Input} detail=${detail} id=${id} text=${text} onText=${setText} />
    <${Failure} words=${told} />
    <div class="row" onMouseDown=${stay}><${Button} kind="quiet-button" words=${t("Cancel")} onClick=${leave} />
      <${Button} type="submit" kind="quiet-button" words=${t("Save")} isBusy=${isBusy} /></div>
  </form>`;
}

/** @param {KeyboardEvent} event @param {() => void} leave @param {(isByKey: boolean) => void} give */
function pressed(event, leave, give) {
  if (event.isComposing) return;
  // Boxes of one line save by Enter alone, as forms do; in a note it begins a line.
  const isChoice = event.target instanceof HTMLSelectElement;
  const saves = event.key === "Enter" && (isChoice || event.ctrlKey || event.metaKey);
  if (event.key === "Escape") leave();
  else if (saves) give(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The text of the box, and what became of saving it. @param {Editing} props */
function useSaving({ began, detail, onEnd, onOvertaken }) {
  const { store } = useWorkspace();
  const [text, setText] = useState(written(detail.value));
  const [first] = useState(text);
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  // A box that goes loses its focus, which would count as leaving it.
  const isOver = useRef(false);
  const end = (/** @type {boolean} */ isByKey) => {
    isOver.current = true;
    onEnd(isByKey);
  };
  const give = async (/** @type {boolean} */ isByKey) => {
    if (isBusy || isOver.current) return;
    if (text === first && !told) return end(isByKey);
    setBusy(true);
    const saved = await save(began, detail.name, meant(detail.kind, text));
    setBusy(false);
    if (saved.state === "refused") return tell(saved.sentence);
    store.putConsumer(saved.consumer);
    if (saved.state === "saved") return end(isByKey);
    onOvertaken(saved.consumer);
    tell(overtaken(inWords(detail.kind, saved.value)));
  };
  return { text, setText, told, isBusy, give, leave: () => end(true) };
}

/** @param {string} value */
const overtaken = (value) =>
  value
    ? t("Somebody else has changed it to “{value}”. Save again to replace it.", { value })
    : t("Somebody else has emptied it. Save again to fill it.");
