// @ts-check
/** Where pictures come from: the kit's camera, this screen's camera, files, or a basket of example objects. */
import { part, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {"kit" | "tablet" | "files" | "basket"} Source */

/** Sends `source-chosen` {source} and `camera-open` (the settings of the kit's camera). */
export class KitSources extends HTMLElement {
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
    // Translators: question above the choices: the kit's camera, this tablet, files, example objects.
    const where = _("Where do pictures come from?");
    // Translators: one of the choices: the camera plugged into the kit.
    const kit = _("Kit camera");
    // Translators: one of the choices: the camera of the tablet, phone or computer in the pupil's hands.
    const tablet = _("This screen");
    // Translators: one of the choices: picture files.
    const files = _("Files");
    // Translators: one of the choices: the activity's own objects, for a kit with no camera.
    const basket = _("Example objects");
    // Translators: opens the settings of the kit's camera (which camera, mirror, rotate, lock).
    const settings = _("Camera settings");
    // Translators: under the live picture. The square is drawn on it.
    const hint = _("Only what is inside the square counts.");
    render(
      this,
      html`<fieldset class="sources">
          <legend>${where}</legend>
          <label><input type="radio" name="source" value="kit">${icon("camera")}<span>${kit}</span></label>
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
    part(this, "settings").addEventListener("click", () => send(this, "camera-open"));
  }
}

customElements.define("kit-sources", KitSources);
