// What the stream brings, applied to the board.

import { effect } from "../island/html.js";
import { Stream } from "../island/stream.js";

/** @import { BoardMessages } from "../wire.js" */
/** @import { Told } from "../island/notices/told.js" */
/** @import { Acts } from "./acts.js" */
/** @import { BoardStore } from "./store.js" */

/** @param {BoardStore} store @param {Acts} acts @param {Told} told @returns {Stream<BoardMessages>} */
export function follow(store, acts, told) {
  /** @type {Stream<BoardMessages>} */
  const stream = new Stream(handlers(store, acts, told, () => stream.again()));
  stream.follow("/board/stream");
  effect(() => {
    // Whoever has no right to it any more hears so from another request than the stream.
    if (stream.state.value === "off") acts.load();
  });
  return stream;
}

/** @param {BoardStore} store @param {Acts} acts @param {Told} told @param {() => void} again @returns {any} */
function handlers(store, acts, told, again) {
  return /** @type {{ [Name in keyof BoardMessages]: (message: BoardMessages[Name]) => void }} */ ({
    board: (news) => store.put(news),
    own(own) {
      store.own.value = own;
    },
    notices: (message) => told.take(message),
    async reload() {
      await acts.load();
      told.loadAnew();
      // From its beginning it brings the whole board.
      again();
    },
    beat: ({ now }) => store.clock.set(now),
  });
}
