// @ts-check
/** Numbers in the language's own manner; every one with its unit. */
import { _, language, ngettext } from "./i18n.js";

export const locale = language === "fr" ? "fr-FR" : "en-GB";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });

/** @param {number} value */
export const count = (value) => whole.format(value);

/** @param {number} share 0..1 */
export const percent = (share) => percents.format(share);

/**
 * Two significant figures: a kit's timing repeats no better than that.
 * @param {number} value
 */
function figures(value) {
  const digits = Math.abs(value) < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
  return new Intl.NumberFormat(locale, digits).format(value);
}

/** @param {number} ms */
export function milliseconds(ms) {
  return `${figures(ms)}\u202fms`;
}

/** @param {number} ms a duration as pupils read it: seconds from a tenth of a second on */
export function duration(ms) {
  return ms < 100 ? milliseconds(ms) : `${figures(ms / 1000)}\u202fs`;
}

/** @param {number} n */
export function pictures(n) {
  // Translators: how many pictures there are, beside a label's name.
  return ngettext("{count} picture", "{count} pictures", n, { count: count(n) });
}

/** @param {number} n */
export function bursts(n) {
  // Translators: a burst is the pictures taken in one showing; French: "prise".
  return ngettext("{count} showing", "{count} showings", n, { count: count(n) });
}

/** @param {string} iso a moment as the server says it, with its offset */
export function hour(iso) {
  const clock = /T(\d\d):(\d\d)/.exec(iso); // the kit's own wall clock: the tablet's may differ
  if (!clock) return iso;
  const [hours, minutes] = [Number(clock[1]), clock[2]];
  if (language === "fr") return minutes === "00" ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${minutes}`;
  return `${hours}:${minutes}`;
}

/**
 * The hour where it is today's, else the day and the hour, on the kit's own clock.
 * @param {string} iso
 */
export function when(iso) {
  const date = iso.slice(0, 10);
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  if (date === today) return hour(iso);
  const day = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  const words = new Intl.DateTimeFormat(locale, /** @type {Intl.DateTimeFormatOptions} */ (day));
  return `${words.format(new Date(`${date}T12:00:00Z`))}, ${hour(iso)}`;
}

/** @param {number} bytes */
export function size(bytes) {
  // Translators: abbreviation of "megabytes".
  const unit = _("MB");
  return `${figures(bytes / 1e6)}\u202f${unit}`;
}
