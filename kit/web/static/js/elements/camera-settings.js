// @ts-check
/** Which camera of the kit, and how it sees. What a camera cannot do is said, not hidden. */
import { part, say, send } from "../lib/dom.js";
import { html, icon, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Camera} Camera */

/** Sends `camera-changed` with the new settings. */
export class KitCameraSettings extends HTMLElement {
  /** @type {Camera | null} */
  #camera = null;
  #names = "";

  /** @param {Camera} camera */
  set camera(camera) {
    this.#camera = camera;
    const names = [...new Set(["auto", ...camera.available, camera.settings.name, "none"])];
    if (this.#names !== names.join()) this.#build(names);
    this.#names = names.join();
    // Field by field, so that whoever is choosing keeps the focus.
    const { name, mirror, rotate, lock } = camera.settings;
    this.#field("name").value = name;
    this.#field("rotate").value = String(rotate);
    this.#field("mirror").checked = mirror;
    this.#field("lock").checked = lock;
    const trouble = part(this, "trouble");
    trouble.hidden = !camera.message;
    say(part(this, "trouble-words"), camera.message ?? "");
    say(part(this, "unable"), unable(camera).join(" "));
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.querySelector(`[name="${name}"]`));
  }

  /** @param {string[]} names */
  #build(names) {
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
    render(
      this,
      html`<form class="stack">
        <div class="field"><label for="camera-name">${which}</label>
          <select id="camera-name" name="name">${names.map((name) => html`<option value="${name}">${cameraName(name)}</option>`)}</select>
          <p class="error" role="status" data-part="trouble" hidden>${icon("camera-off")}<span data-part="trouble-words"></span></p></div>
        <label class="tick"><input type="checkbox" name="mirror">${icon("flip-horizontal-2")}${mirror}</label>
        <div class="field"><label for="camera-rotate">${rotate}</label>
          <select id="camera-rotate" name="rotate">${[0, 90, 180, 270].map((turn) => html`<option value="${turn}">${turn}°</option>`)}</select></div>
        <div><label class="tick"><input type="checkbox" name="lock">${icon("lock")}${lock}</label>
          <p class="soft small">${why}</p><p role="status" data-part="unable"></p></div>
      </form>`,
    );
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      const said = new FormData(form);
      send(this, "camera-changed", {
        ...this.#camera?.settings,
        name: said.get("name"),
        rotate: Number(said.get("rotate")),
        mirror: said.has("mirror"),
        lock: said.has("lock"),
      });
    });
  }
}

/** What this camera was asked and cannot do, in words. @param {Camera} camera */
function unable({ cannot }) {
  // Translators: the camera chosen cannot hold its exposure still.
  const exposure = _("This camera cannot hold its brightness still.");
  // Translators: the camera chosen cannot hold its white balance still.
  const colours = _("This camera cannot hold its colours still.");
  const words = [];
  if (cannot.includes("lock-exposure")) words.push(exposure);
  if (cannot.includes("lock-white-balance")) words.push(colours);
  return words;
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
