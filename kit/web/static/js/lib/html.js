// @ts-check
/**
 * Text into HTML, with every value escaped.
 *
 *     render(element, html`<b>${name}</b> ${list.map((one) => html`<i>${one}</i>`)}`);
 *
 * A value is escaped unless it came out of `html` itself; lists are joined; null, undefined and
 * false say nothing. Attribute values must be in double quotes. There is no way to put raw text in.
 */

const ESCAPES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
});

/** HTML made by `html`; nobody else can make one that `render` takes. */
export class Html {
  #text;

  /** @param {string} text @param {symbol} key */
  constructor(text, key) {
    if (key !== KEY) throw new TypeError("only html`…` makes Html");
    this.#text = text;
  }

  toString() {
    return this.#text;
  }
}

const KEY = Symbol("html");

/** @param {unknown} value @returns {string} */
function safe(value) {
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(safe).join("");
  if (value === null || value === undefined || value === false) return "";
  return String(value).replace(/[&<>"'`]/g, (sign) => ESCAPES[sign] ?? "");
}

/**
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {Html}
 */
export function html(parts, ...values) {
  let text = parts[0] ?? "";
  values.forEach((value, index) => {
    text += safe(value) + (parts[index + 1] ?? "");
  });
  return new Html(text, KEY);
}

/** @param {Element} element @param {Html} content */
export function render(element, content) {
  if (!(content instanceof Html)) throw new TypeError("render takes what html`…` made");
  element.innerHTML = content.toString();
}

/**
 * One icon of the sprite. Decorative: the word beside it, or the button's label, says it.
 * @param {string} name
 */
export function icon(name) {
  const address = new URL("../../icons/icons.svg", import.meta.url).pathname;
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="${address}#${name}"></use></svg>`;
}
