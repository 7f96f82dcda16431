// @ts-check
/**
 * The page's sentences. English in the source, French in the catalogue the server hands out.
 *
 * `_` and `ngettext` are called in plain statements, never inside a template literal, and with the
 * sentence written out in the call: the extractor reads the source, it does not run it.
 */

export const language = document.documentElement.lang === "en" ? "en" : "fr";

/** @type {{ plural: number[], messages: Record<string, string | string[]> }} */
const { plural, messages } = await load();

async function load() {
  const none = { plural: [], messages: {} }; // English words are better than an empty page
  try {
    const answer = await fetch(`/i18n/${language}.json`);
    return answer.ok ? await answer.json() : none;
  } catch {
    return none;
  }
}

/** @typedef {Record<string, string | number>} Values */

/**
 * `{name}` filled from values; an unknown name stays as it is, so that a mistake is seen.
 * @param {string} text @param {Values} [values]
 */
function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} message @param {Values} [values] */
export function _(message, values) {
  const found = messages[message];
  return fill(typeof found === "string" ? found : message, values);
}

/** Which form n takes: the catalogue's own rule, as a table (kit/i18n.py says why). @param {number} n */
const form = (n) => plural[n < 200 ? n : 100 + (n % 100)] ?? Number(n !== 1);

/**
 * @param {string} one @param {string} many
 * @param {number} n chooses the form, and fills {n}
 * @param {Values} [values]
 */
export function ngettext(one, many, n, values) {
  const found = messages[one];
  const forms = Array.isArray(found) ? found : [one, many];
  return fill(forms[form(n)] ?? many, { n, ...values });
}
