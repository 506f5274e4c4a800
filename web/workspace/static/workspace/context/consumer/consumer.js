// The consumer: who they are, what is known of them, and whether they can be texted.

import { useShortcuts } from "../../../island/context.js";
import { html, useEffect, useState } from "../../../island/html.js";
import { Avatar, Button, calledBy } from "../../../island/parts.js";
import { isolated, t } from "../../../island/words.js";
import { useWorkspace } from "../../store.js";
import { Card } from "../card.js";
import { DetailRow, InPlace } from "./detail.js";
import { Numbers } from "./numbers.js";
import { detailsOf, nameOf, noteOf } from "./saving.js";

/** @import { Opened } from "../../../wire.js" */

const PAUSE_MS = 300;

/** @param {{ opened: Opened }} props */
export function Consumer({ opened }) {
  const { store } = useWorkspace();
  const { consumer, conversation_id: id } = opened;
  useConsumerKeys();
  useOthers(opened);
  const merge = () => store.openDialog("merge", id);
  return html`<${Card} name="consumer" title=${t("Consumer")}>
    <div class="profile">
      <${Avatar} name=${calledBy(consumer)} id=${consumer.kept_id} />
      <div><h3><${InPlace} consumer=${consumer} detail=${nameOf(consumer)} shown=${t("Add a name")} /></h3></div>
    </div>
    <${Numbers} consumer=${consumer} conversation=${id} />
    <dl>
      ${detailsOf(consumer).map((detail) => html`<${DetailRow} key=${detail.name} consumer=${consumer} detail=${detail} />`)}
      <${Language} opened=${opened} />
      <${DetailRow} consumer=${consumer} detail=${noteOf(consumer)} />
    </dl>
    <${Button} kind="quiet-button merges" words=${t("Merge with another number")} onClick=${merge} />
  <//>`;
}

/** @param {{ opened: Opened }} props */
function Language({ opened: { language, rights, conversation_id: id } }) {
  const { store } = useWorkspace();
  const change = () => store.openDialog("language", id);
  return html`<div><dt>${t("Language")}</dt><dd class="conversation-language"><bdi><span lang=${language.code}>${language.name}</span></bdi>
    ${rights.may_handle && html`<${Button} kind="quiet-button" words=${t("Change")} label=${t("Change the language")} onClick=${change} />`}
    <span class="quiet source">${isolated(language.source)}</span></dd></div>`;
}

/** What happens in the consumer's other conversations may concern their consent. @param {Opened} opened */
function useOthers({ conversation_id: id, consumer }) {
  const { store, loading } = useWorkspace();
  const others = [...store.rows.value.values()].filter(
    (row) => row.consumer.kept_id === consumer.kept_id && row.id !== id,
  );
  const seen = others.map((row) => `${row.id}/${row.as_of}`).join();
  const [first] = useState(seen);
  useEffect(() => {
    if (seen === first) return;
    const timer = setTimeout(() => loading.opened(id), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [seen]);
}

function useConsumerKeys() {
  useShortcuts(() => [
    {
      keys: "i",
      words: t("Change the consumer's name"),
      group: t("Conversation"),
      run: () => {
        const name = document.querySelector('.context [data-detail="name"]');
        if (!(name instanceof HTMLElement)) return false;
        name.closest("details")?.setAttribute("open", "");
        document.querySelector(".context")?.classList.add("shown");
        name.click();
        return true;
      },
    },
  ]);
}
