// Requests to our own server. Every answer is one of three: done, refused by a rule, or none, when
// nobody knows whether it was done.

import { t } from "./words.js";

/**
 * @template T
 * @typedef {{ state: "done", value: T }} Done
 */
/** @typedef {{ state: "refused", status: number, code: string, sentence: string }} Refused */
/** @typedef {{ state: "none", isInDoubt: boolean, isLoggedOut: boolean }} None */
/**
 * @template T
 * @typedef {Done<T> | Refused | None} Outcome
 */
/**
 * What is sent. `key`: the request's Idempotency-Key, under which it is done once. `isLasting`: it
 * goes on when the page is left, which browsers allow for small bodies.
 * @typedef {{ method?: string, body?: unknown, file?: Blob, key?: string, seconds?: number, isLasting?: boolean }} Sent
 */

const PATIENCE_SECONDS = 60;
const READ_AGAIN_MS = [500, 1000, 2000, 5000, 10_000];
// Of all such requests together; a character may have three bytes.
const LASTING_BYTES = 60_000;
const [UNAUTHORISED, BUSY] = [401, 429];
/** What a proxy says when it got no answer of ours. */
const BY_A_PROXY = [502, 503, 504];

/** Our own server's answers carry a request id; those of a proxy or a hotel's log-in page do not.
 * @param {Response} response
 */
export const isOurs = (response) => response.headers.has("X-Request-ID");

/** A new Idempotency-Key. */
export const newKey = () => crypto.randomUUID().replaceAll("-", "");

/** What hears that the log-in has ended. */
export const loggedOut = new EventTarget();

/**
 * Send a request and read its answer.
 * @template T
 * @param {string} path
 * @param {Sent} [sent]
 * @returns {Promise<Outcome<T>>}
 */
export async function request(path, sent = {}) {
  try {
    const response = await fetch(path, options(sent));
    return await read(response);
  } catch {
    return { state: "none", isInDoubt: false, isLoggedOut: false };
  }
}

/**
 * Read what a page cannot do without: again until there is an answer, as long as it is wanted.
 * @template T
 * @param {string} path
 * @param {() => boolean} [isWanted]
 * @returns {Promise<Outcome<T>>}
 */
export async function readPatiently(path, isWanted = () => true) {
  for (let tries = 0; ; tries += 1) {
    /** @type {Outcome<T>} */
    const outcome = await request(path);
    // Whoever logs in again has the page read all of it.
    if (outcome.state !== "none" || outcome.isLoggedOut) return outcome;
    const pause = READ_AGAIN_MS[Math.min(tries, READ_AGAIN_MS.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!isWanted()) return outcome;
  }
}

/** @param {Sent} sent @returns {RequestInit} */
function options({
  method = "GET",
  body,
  file,
  key,
  seconds = PATIENCE_SECONDS,
  isLasting = false,
}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "X-Switchboard": "1" };
  if (key) headers["Idempotency-Key"] = key;
  if (file) headers["Content-Type"] = file.type;
  else if (body !== undefined) headers["Content-Type"] = "application/json";
  const signal = AbortSignal.timeout(seconds * 1000);
  const written = body === undefined ? null : JSON.stringify(body);
  const keepalive = isLasting && (written?.length ?? 0) * 3 < LASTING_BYTES;
  return { method, headers, signal, keepalive, body: file ?? written };
}

/**
 * @template T
 * @param {Response} response
 * @returns {Promise<Outcome<T>>}
 */
async function read(response) {
  if (!isOurs(response)) return foreign(response);
  if (response.status === UNAUTHORISED) {
    loggedOut.dispatchEvent(new Event("ended"));
    return none({ isLoggedOut: true });
  }
  // A key in the answer: it may still be done, and can be asked for under this key.
  const isInDoubt = response.headers.has("Idempotency-Key");
  if (response.status >= 500 || response.status === BUSY) return none({ isInDoubt });
  if (response.status === 204) return { state: "done", value: /** @type {T} */ (undefined) };
  const value = await response.json();
  if (response.ok) return { state: "done", value };
  return { state: "refused", status: response.status, code: value.code, sentence: sentence(value) };
}

/** What a proxy or a hotel's log-in page answered in our server's place. @param {Response} response @returns {Refused | None} */
function foreign({ status }) {
  if (status < 400 || BY_A_PROXY.includes(status)) return none({ isInDoubt: true });
  return {
    state: "refused",
    status,
    code: "foreign",
    sentence: t("Something went wrong. Try again."),
  };
}

/** @param {{ isInDoubt?: boolean, isLoggedOut?: boolean }} what @returns {None} */
const none = ({ isInDoubt = false, isLoggedOut = false }) => ({
  state: "none",
  isInDoubt,
  isLoggedOut,
});

/** @param {{ detail?: string, errors?: { message: string }[] }} problem */
function sentence({ detail, errors }) {
  const first = errors?.[0]?.message.replace(/^Value error, /, "");
  return first ? `${first[0]?.toUpperCase()}${first.slice(1)}` : (detail ?? "");
}
