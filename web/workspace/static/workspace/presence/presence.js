// Who else looks at the open conversation, and who types in it.

import { useIsland } from "../../island/context.js";
import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { n, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { colleagues } from "./saying.js";

const MOST_NAMED = 2;

export function Presence() {
  const { store } = useWorkspace();
  const { told } = useIsland();
  const isHere = told.present.value?.conversation === store.selected.value;
  const others = isHere ? colleagues(told, store.me.id) : [];
  const types = others.filter(({ doing }) => doing === "types").map(({ name }) => name);
  const looks = others.filter(({ doing }) => doing !== "types").map(({ name }) => name);
  const words = [typing(types), looking(looks)].filter(Boolean).join(" ");
  return html`<p class="presence" role="status">${words && html`<${Icon} name="look" /><span>${words}</span>`}</p>`;
}

/** @param {string[]} names */
function typing(names) {
  const [name = "", other = ""] = names;
  if (names.length > MOST_NAMED)
    return n("{n} colleague is typing.", "{n} colleagues are typing.", names.length);
  if (other) return t("{name} and {other} are typing.", { name, other });
  return name && t("{name} is typing.", { name });
}

/** @param {string[]} names */
function looking(names) {
  const [name = "", other = ""] = names;
  if (names.length > MOST_NAMED)
    return n("{n} colleague is looking.", "{n} colleagues are looking.", names.length);
  if (other) return t("{name} and {other} are looking.", { name, other });
  return name && t("{name} is looking.", { name });
}
