// What components are made of: templates, hooks and signals. The only module that knows where the
// vendored files are.

import { createContext, Fragment, h, render } from "../vendor/preact.js";
import {
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "../vendor/preact-hooks.js";
import htm from "../vendor/htm.js";
import { batch, computed, effect, signal, untracked } from "../vendor/signals.js";
import { useComputed, useSignal, useSignalEffect } from "../vendor/signals.js";

/** @import { ComponentChildren, ComponentType, VNode } from "preact" */

/** @typedef {ComponentChildren} Children */
/**
 * @template T
 * @typedef {import("@preact/signals").Signal<T>} Signal
 */

/**
 * A template: `html`<p class="quiet">${words}</p>``. Everything in it is escaped.
 * @type {(strings: TemplateStringsArray, ...values: any[]) => VNode<any>}
 */
export const html = /** @type {any} */ (htm.bind(h));

/**
 * Render a component again only if one of its properties or a signal it reads has changed.
 * @template P
 * @param {(props: P) => VNode<any> | null} renders
 * @returns {ComponentType<P>}
 */
export function memo(renders) {
  /** @this {any} @param {P} props */
  function Memoed(props) {
    this.shouldComponentUpdate = (/** @type {any} */ next) => differ(this.props, next);
    return h(/** @type {any} */ (renders), /** @type {any} */ (props));
  }
  return /** @type {any} */ (Memoed);
}

/** @param {any} one @param {any} other */
function differ(one, other) {
  return [...Object.keys(one), ...Object.keys(other)].some((name) => one[name] !== other[name]);
}

export {
  batch,
  computed,
  createContext,
  effect,
  Fragment,
  h,
  render,
  signal,
  untracked,
  useCallback,
  useComputed,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useSignal,
  useSignalEffect,
  useState,
};
