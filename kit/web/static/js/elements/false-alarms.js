// @ts-check
/** How often the model hears a label that nobody said: counted on a background, given for an hour. */
import { part, say, send } from "../lib/dom.js";
import { count, locale, milliseconds, percent } from "../lib/format.js";
import { html, icon, render } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {{ minutes: number, alarms: number, per_hour: number, low: number, high: number, latency_ms?: number | null,
 *   labels?: Record<string, number> }} Alarms  labels: which were heard, how often */

/** Sends `false-alarms` {file}; without a file the kit's microphone listens. */
export class KitFalseAlarms extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    // Translators: opens the count of false alarms.
    const title = _("False alarms an hour");
    // Translators: what a false alarm is, and how it is counted.
    const how = _("Let the kit hear a background without any of your labels: whatever it hears all the same is a false alarm.");
    // Translators: button: the kit's microphone listens to the room for one minute.
    const listen = _("Listen to the room for a minute");
    // Translators: button: a recording of at most ten minutes is taken instead.
    const file = _("Take a recording");
    // Translators: name of the progress bar, for screen readers.
    const progress = _("Progress of the count");
    render(
      this,
      html`<details class="more"><summary>${icon("chevron-down")}<span>${title} <b class="number" data-part="short"></b></span></summary>
        <div class="stack"><p class="small">${how}</p>
        <div class="row" data-part="choices"><button type="button" data-part="listen">${icon("mic")}${listen}</button>
          <button type="button" data-part="choose">${icon("file-audio")}${file}</button></div>
        <input type="file" accept="audio/*,.wav,.flac,.ogg" hidden data-part="file">
        <div class="stack" data-part="busy" hidden><p role="status"><b data-part="busy-words"></b></p><progress max="1" aria-label="${progress}" data-part="progress"></progress></div>
        <div data-part="result" aria-live="polite"></div></div></details>`,
    );
    part(this, "listen").addEventListener("click", () => send(this, "false-alarms", {}));
    const input = /** @type {HTMLInputElement} */ (part(this, "file"));
    part(this, "choose").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const chosen = input.files?.[0];
      input.value = "";
      if (chosen) send(this, "false-alarms", { file: chosen });
    });
  }

  /** @param {number | null} share 0..1; null: nothing runs */
  set progress(share) {
    part(this, "busy").hidden = share === null;
    part(this, "choices").hidden = share !== null;
    // Translators: while false alarms are counted. {share} is such as "40 %".
    if (share !== null) say(part(this, "busy-words"), _("Listening… {share}", { share: percent(share) }));
    /** @type {HTMLProgressElement} */ (part(this, "progress")).value = share ?? 0;
  }

  /** @param {Alarms} result */
  set result(result) {
    this.progress = null;
    const minutes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(result.minutes);
    // Translators: how many false alarms there were. {minutes} is a number such as 1 or 2.5.
    const counted = ngettext("{count} false alarm in {minutes} min", "{count} false alarms in {minutes} min", result.alarms, { count: count(result.alarms), minutes });
    const hour = { value: count(result.per_hour), low: count(result.low), high: count(result.high) };
    // Translators: false alarms reckoned for a whole hour, with an interval: so few minutes say little.
    const hourly = _("For an hour that makes {value}: between {low} and {high}, as far as so few minutes can tell.", hour);
    // Translators: how long an answer took meanwhile. {figure} is such as "12 ms"; it was measured.
    const took = result.latency_ms ? _("One answer took {figure}.", { figure: milliseconds(result.latency_ms) }) : "";
    const named = Object.entries(result.labels ?? {}).map(([name, n]) => `${name} × ${count(n)}`).join(", ");
    render(part(this, "result"), html`<p><span class="measured">${counted}</span></p>${named ? html`<p class="small">${named}</p>` : null}<p class="small">${hourly} ${took}</p>`);
    say(part(this, "short"), hour.value);
  }
}

customElements.define("kit-false-alarms", KitFalseAlarms);
