// The pages that a person may open, by name. A test holds them to the menus of pages.

import { t } from "../words.js";

/** @typedef {{ path: string, words: string }} PageLink */

/** @type {PageLink[]} */
const EVERYBODYS = [
  { path: "/workspace", words: t("Workspace") },
  { path: "/conversations", words: t("All conversations") },
  { path: "/consumers", words: t("Consumers") },
  { path: "/admin/saved-replies", words: t("Saved replies") },
  { path: "/password", words: t("Change password") },
  { path: "/security", words: t("Log-ins and codes") },
];
/** @type {PageLink[]} */
const MANAGERS = [
  { path: "/board", words: t("Board") },
  { path: "/reports", words: t("Reports") },
  { path: "/batches", words: t("Batches") },
];
/** @type {PageLink[]} */
const ADMINS = [
  { path: "/admin", words: t("First steps") },
  { path: "/admin/connectors", words: t("Connectors") },
  { path: "/admin/lines", words: t("Lines") },
  { path: "/admin/skills", words: t("Skills") },
  { path: "/admin/agents", words: t("Agents") },
  { path: "/admin/teams", words: t("Teams") },
  { path: "/admin/sign-on", words: t("Single sign-on") },
  { path: "/admin/bots", words: t("Bots") },
  { path: "/admin/hours", words: t("Hours") },
  { path: "/admin/away-reasons", words: t("Away reasons") },
  { path: "/admin/routing", words: t("Try routing") },
  { path: "/admin/consent", words: t("Consent") },
  { path: "/admin/messages", words: t("Messages") },
  { path: "/admin/surveys", words: t("Surveys") },
  { path: "/admin/labels", words: t("Labels") },
  { path: "/admin/closing-reasons", words: t("Closing reasons") },
  { path: "/admin/fields", words: t("Fields of consumers") },
  { path: "/admin/panels", words: t("Panels") },
  { path: "/admin/sources", words: t("Sources") },
  { path: "/admin/calls", words: t("Calls") },
  { path: "/admin/endpoints", words: t("Endpoints") },
  { path: "/admin/tokens", words: t("Tokens") },
  { path: "/admin/account", words: t("Account") },
  { path: "/admin/configuration", words: t("Configuration") },
  { path: "/admin/audit", words: t("Audit log") },
];

/** @param {{ supervises: boolean, administers: boolean }} reader @returns {PageLink[]} */
export const pagesOf = ({ supervises, administers }) => [
  ...EVERYBODYS,
  ...(supervises ? MANAGERS : []),
  ...(administers ? ADMINS : []),
];
