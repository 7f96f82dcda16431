// @ts-check
/** Which camera of the kit, and how it sees. What a camera cannot do is said, not hidden. */
import { send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Camera} Camera */

/** Sends `camera-changed` with the new settings. */
export class KitCameraSettings extends HTMLElement {
  /** @param {Camera} camera */
  set camera(camera) {
    const { settings, available, cannot } = camera;
    const names = [...new Set(["auto", ...available, settings.name, "none"])];
    // Translators: heading of the list of cameras.
    const which = _("Camera");
    // Translators: setting: the picture as in a mirror.
    const mirror = _("Mirror");
    // Translators: setting: turn the picture.
    const rotate = _("Turn");
    // Translators: setting: hold exposure and white balance still.
    const lock = _("Hold brightness and colours still");
    // Translators: why brightness and colours are held still.
    const why = _("Otherwise the light becomes the clue instead of the object.");
    // Translators: after a setting that this camera cannot do.
    const unable = _("This camera cannot do that.");
    const turns = [0, 90, 180, 270];
    const cannotDo = (/** @type {string} */ what) => (cannot.includes(what) ? unable : "");
    render(
      this,
      html`<form class="stack">
        <div class="field"><label for="camera-name">${which}</label>
          <select id="camera-name" name="name">${names.map((name) => html`<option value="${name}" ${name === settings.name ? html`selected` : null}>${cameraName(name)}</option>`)}</select>
          ${camera.message ? html`<p class="error">${icon("camera-off")}${camera.message}</p>` : null}</div>
        <label class="tick"><input type="checkbox" name="mirror" ${settings.mirror ? html`checked` : null}>${icon("flip-horizontal-2")}${mirror}</label>
        <div class="field"><label for="camera-rotate">${rotate}</label>
          <select id="camera-rotate" name="rotate">${turns.map((turn) => html`<option value="${turn}" ${turn === settings.rotate ? html`selected` : null}>${turn}°</option>`)}</select></div>
        <div><label class="tick"><input type="checkbox" name="lock" ${settings.lock ? html`checked` : null} ${cannot.includes("lock") ? html`disabled` : null}>${icon("lock")}${lock}</label>
          <p class="soft small">${cannotDo("lock") || why}</p></div>
      </form>`,
    );
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      const said = new FormData(form);
      send(this, "camera-changed", {
        ...settings,
        name: said.get("name"),
        rotate: Number(said.get("rotate")),
        mirror: said.has("mirror"),
        lock: said.has("lock"),
      });
    });
  }
}

/** @param {string} name as the kit calls it: "usb:/dev/video2" */
function cameraName(name) {
  const [kind, device] = [name.split(":")[0] ?? name, name.split(":").slice(1).join(":")];
  // Translators: choice in the list of cameras: the best one that is found.
  const auto = _("The best one found");
  // Translators: choice in the list of cameras: none at all.
  const none = _("No camera");
  // Translators: choice in the list of cameras: the Raspberry Pi's own camera module.
  const ribbon = _("Camera on the kit's ribbon cable");
  // Translators: choice in the list of cameras.
  const usb = _("USB camera");
  // Translators: choice in the list of cameras: it replays photos, for trying out.
  const fake = _("Replayed photos (not a camera)");
  const words = { auto, none, picamera2: ribbon, usb, fake }[kind] ?? kind;
  return device ? `${words} · ${device.split("/").filter(Boolean).pop() ?? device}` : words;
}

customElements.define("kit-camera-settings", KitCameraSettings);
