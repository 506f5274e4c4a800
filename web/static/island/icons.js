// Icons, by name. Each is drawn in the colour of the words beside it.

import { h } from "./html.js";

const PATHS = {
  send: ["M4 12l16-8-6 16-3-6z"],
  transfer: ["M4 8h14l-4-4M20 16H6l4 4"],
  return: ["M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 0 12h-3"],
  close: ["M5 12l5 5 9-10"],
  new: ["M12 5v14M5 12h14"],
  back: ["M15 5l-7 7 7 7"],
  details: [{ cx: 12, cy: 12, r: 9 }, "M12 11v5M12 8v.01"],
  chats: ["M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z"],
  clock: [{ cx: 12, cy: 12, r: 9 }, "M12 7v5l3 2"],
  join: [{ cx: 9, cy: 8, r: 4 }, "M2 21a7 7 0 0 1 14 0M19 8v6M16 11h6"],
  leave: ["M14 4H5v16h9M10 12h11M17 8l4 4-4 4"],
  take: [
    "M8 12V5a2 2 0 0 1 4 0v6M12 11V4a2 2 0 0 1 4 0v8M16 9a2 2 0 0 1 4 0v5a7 7 0 0 1-13 4l-3-5a2 2 0 0 1 4-1",
  ],
  sound: ["M4 9v6h4l5 4V5L8 9zM17 9a4 4 0 0 1 0 6M19.5 6.5a8 8 0 0 1 0 11"],
  silent: ["M4 9v6h4l5 4V5L8 9zM17 9l5 6M22 9l-5 6"],
  ring: ["M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4"],
  look: ["M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z", { cx: 12, cy: 12, r: 3 }],
  more: ["M6 9l6 6 6-6"],
  later: [
    "M4 10h16M8 3v4M16 3v4M6 5h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM12 13v3l2 1",
  ],
  picture: [
    "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM3 16l5-5 4 4 3-3 6 6",
  ],
  pause: ["M9 5v14M15 5v14"],
  star: ["M12 4l2.5 5.2 5.5.7-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.7z"],
  cross: ["M6 6l12 12M18 6L6 18"],
  warn: ["M12 4l9 16H3zM12 10v4M12 17v.01"],
  search: [{ cx: 11, cy: 11, r: 7 }, "M20 20l-4-4"],
  dots: ["M5 12v.01M12 12v.01M19 12v.01"],
  note: ["M5 4h14v11l-5 5H5zM14 20v-5h5"],
  reply: ["M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z"],
  keyboard: ["M3 7h18v10H3zM7 11v.01M11 11v.01M15 11v.01M8 14h8"],
  phone: ["M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z"],
  copy: ["M9 9h11v11H9zM5 15H4V4h11v1"],
  open: ["M9 6l6 6-6 6"],
  emoji: [{ cx: 12, cy: 12, r: 9 }, "M8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01"],
  label: ["M4 5v6l9 9 7-7-9-9H4zM8 8v.01"],
  filter: ["M4 6h16M7 12h10M10 18h4"],
  up: ["M6 15l6-6 6 6"],
  sent: ["M4 12l5 5L20 7"],
  delivered: ["M1.5 12.5l5 5L16 7.5M11 16l1.5 1.5L22.5 7.5"],
  link: [
    "M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  ],
  again: ["M20 11a8 8 0 1 0-2 6M20 5v6h-6"],
  doubt: [{ cx: 12, cy: 12, r: 9 }, "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.01"],
  download: ["M12 4v11M7 11l5 5 5-5M5 20h14"],
  saved: ["M6 4h12v16l-6-4-6 4z"],
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{ name: IconName }} props */
export function Icon({ name }) {
  const drawn = PATHS[name].map((part) =>
    typeof part === "string" ? h("path", { d: part }) : h("circle", part),
  );
  const line = { stroke: "currentColor", "stroke-width": 2, fill: "none" };
  const ends = { "stroke-linecap": "round", "stroke-linejoin": "round" };
  const size = { viewBox: "0 0 24 24", width: 18, height: 18 };
  return h(
    "svg",
    /** @type {any} */ ({ class: "icon", "aria-hidden": "true", ...size, ...line, ...ends }),
    drawn,
  );
}
