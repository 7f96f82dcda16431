// @ts-check
/** Where samples come from: the kit's camera or microphone, this screen's, files, or a basket of example objects. */
import { image } from "../kinds/image.js";
import { part, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {"kit" | "tablet" | "files" | "basket"} Source */

/** Sends `source-chosen` {source} and `device-open` (the settings of the kit's camera or microphone). */
export class KitSources extends HTMLElement {
  /** Set before anything else. @type {import("../kinds/kind.js").Kind} */
  kind = image;

  /** Whether there is a basket to choose. @param {boolean} there */
  set basket(there) {
    this.#build();
    part(this, "basket-choice").hidden = !there;
  }

  /** @param {Source} source */
  set source(source) {
    this.#build();
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input"))) {
      input.checked = input.value === source;
      input.closest("label")?.classList.toggle("chosen", input.checked);
    }
    part(this, "settings").hidden = source !== "kit";
  }

  #build() {
    if (this.firstElementChild) return;
    const { words } = this.kind;
    const where = words.where();
    const [kit, kitIcon] = words.kit();
    // Translators: one of the choices: the tablet, phone or computer in the pupil's hands, with its own camera and microphone.
    const tablet = _("This screen");
    // Translators: one of the choices: picture files or sound files.
    const files = _("Files");
    // Translators: one of the choices: the activity's own objects, for a kit with no camera.
    const basket = _("Example objects");
    const settings = words.settings();
    const hint = words.hint();
    render(
      this,
      html`<fieldset class="sources">
          <legend>${where}</legend>
          <label><input type="radio" name="source" value="kit">${icon(kitIcon)}<span>${kit}</span></label>
          <label><input type="radio" name="source" value="tablet">${icon("tablet-smartphone")}<span>${tablet}</span></label>
          <label><input type="radio" name="source" value="files">${icon("files")}<span>${files}</span></label>
          <label data-part="basket-choice" hidden><input type="radio" name="source" value="basket">${icon("package-open")}<span>${basket}</span></label>
        </fieldset>
        <p class="hint">${hint}</p>
        <button type="button" data-part="settings">${icon("sliders-horizontal")}${settings}</button>`,
    );
    this.addEventListener("change", (event) => {
      send(this, "source-chosen", { source: /** @type {HTMLInputElement} */ (event.target).value });
    });
    part(this, "settings").addEventListener("click", () => send(this, "device-open"));
  }
}

customElements.define("kit-sources", KitSources);
