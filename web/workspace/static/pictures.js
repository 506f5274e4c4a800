// Pictures to be sent: uploaded as soon as they are chosen, pasted or dropped, and then named by
// the form. They stay with their conversation's form until they are sent or removed.

import { isOurs } from "./answers.js";
import { say } from "./failures.js";

const TYPES = ["image/jpeg", "image/png", "image/gif"];
const NOT_UPLOADED = "This picture could not be uploaded. Try again.";
const NO_PICTURE = "Only JPEG, PNG and GIF pictures can be sent.";

const listOf = (form) => form.querySelector("[data-pictures]");
const composerOf = (element) => element.closest?.("form[data-draft]");
const rowOf = (form, id) => listOf(form).querySelector(`li[data-picture="${id}"]`);

/** Return the ids of the pictures in a form. */
export const ids = (form) =>
  [...form.querySelectorAll("[name=picture]")].map((field) => field.value);

/** Show pictures that are in the media store already, to be sent with the form. */
export function add(form, added) {
  if (!listOf(form)) return;
  for (const id of added) {
    if (rowOf(form, id)) continue;
    const row = document.getElementById("chosen-picture").content.firstElementChild.cloneNode(true);
    row.dataset.picture = id;
    row.querySelector("img").src = `/v1/media/${id}/thumbnail`;
    row.querySelector("[name=picture]").value = id;
    listOf(form).append(row);
  }
  require(form);
}

/** Remove pictures that were sent. */
export function sent(form, gone) {
  for (const id of gone) rowOf(form, id)?.remove();
  if (listOf(form)) require(form);
}

/** A picture needs no words. It belongs to a reply, and to none that is sent later. */
function require(form) {
  const hasPictures = listOf(form).children.length > 0;
  form.querySelector("textarea").required = !hasPictures;
  listOf(form).hidden = !hasPictures;
}

async function upload(form, file) {
  const conversation = form.dataset.draft;
  if (!TYPES.includes(file.type)) return say(form, NO_PICTURE);
  const headers = { "Content-Type": file.type, "X-Switchboard": "1" };
  try {
    const path = `/v1/conversations/${conversation}/media`;
    const answer = await fetch(path, { method: "POST", headers, body: file });
    if (!isOurs(answer)) return say(form, NOT_UPLOADED);
    const told = await answer.json();
    if (!answer.ok) return say(form, told.detail ?? NOT_UPLOADED);
    // The form may belong to another conversation by now.
    const now = document.getElementById(`composer-form-${conversation}`);
    if (now) add(now, [told.id]);
  } catch {
    say(form, NOT_UPLOADED);
  }
}

async function uploadAll(form, files) {
  const button = form.querySelector("[data-attach]");
  button.ariaBusy = "true";
  for (const file of files) await upload(form, file);
  button.ariaBusy = null;
}

function take(form, files) {
  if (form && listOf(form) && files.length) uploadAll(form, [...files]);
}

function clicked({ target }) {
  const attach = target.closest("[data-attach]");
  if (attach) composerOf(attach).querySelector("[type=file]").click();
  const remove = target.closest("[data-remove-picture]");
  if (!remove) return;
  const form = composerOf(remove);
  remove.closest("li").remove();
  require(form);
  form.querySelector("textarea").focus();
}

function chosen({ target }) {
  if (!target.matches?.("[data-chooser]")) return;
  take(composerOf(target), target.files);
  target.value = "";
}

function pasted(event) {
  const form = composerOf(event.target);
  const files = event.clipboardData?.files ?? [];
  if (!form || !listOf(form) || !files.length) return;
  event.preventDefault();
  take(form, files);
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

function over(event) {
  if (hasFiles(event) && composerOf(event.target)) event.preventDefault();
}

function dropped(event) {
  if (!hasFiles(event) || !composerOf(event.target)) return;
  event.preventDefault();
  take(composerOf(event.target), event.dataTransfer.files);
}

/** A part of the page that has just loaded asks for words again. */
export function look() {
  for (const form of document.querySelectorAll("form[data-draft]")) if (listOf(form)) require(form);
}

export function install() {
  document.addEventListener("click", clicked);
  document.addEventListener("change", chosen);
  document.addEventListener("paste", pasted);
  document.addEventListener("dragover", over);
  document.addEventListener("drop", dropped);
}
