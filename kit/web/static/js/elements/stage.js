// @ts-check
/** The live picture with what counts drawn over it (a square, or a hand's points), or words where there is no picture. */
import "./skeleton.js";
import { image as imageKind } from "../kinds/image.js";
import { part, send } from "../lib/dom.js";
import { html } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { StageBase, badge, says, smallBars } from "./stage-base.js";

/** @typedef {import("../lib/types.js").Camera} Camera */
/** @typedef {{ url: string, name: string }} Still  a picture of an example object, and the object's name */
/** @typedef {import("./stage-base.js").Words} Words */

const STREAM = "/camera.mjpeg";

/**
 * Sends `device-again` and `stream-broke`.
 * On a phone it carries small bars of its own, so that picture and answer are seen together.
 */
export class KitStage extends StageBase {
  /** What counts in the picture: set before anything else. @type {import("../kinds/kind.js").Kind} */
  kind = imageKind;
  /** @type {Camera | null} */
  #camera = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {Words | null} */
  #tabletWords = null;
  /** @type {Still | null} */
  #still = null;
  #awake = true;
  #streamTry = 0;
  #streamLate = false;

  connectedCallback() {
    super.connectedCallback();
    if (this.#stream) void this.video.play().catch(() => {}); // a moved video stops
  }

  /** @param {Camera | null} camera */
  set camera(camera) {
    this.#camera = camera;
    this.redraw();
  }

  /** The tablet's camera, once its owner lent it. @param {MediaStream | null} stream */
  set stream(stream) {
    this.#stream = stream;
    this.redraw();
  }

  /** What to say where the tablet's camera gives no picture. @param {Words | null} words */
  set tabletWords(words) {
    this.#tabletWords = words;
    this.redraw();
  }

  /** The picture of the example object that lies there. @param {Still | null} still */
  set still(still) {
    this.#still = still;
    this.redraw();
  }

  /** Asleep, the stream is let go. @param {boolean} awake */
  set awake(awake) {
    this.#awake = awake;
    this.redraw();
  }

  /** The hands that were found in what is shown. @param {import("./skeleton.js").Hand[]} hands */
  set hands(hands) {
    this.build();
    this.#skeleton.hands = hands;
  }

  /** The playing video of the tablet's camera. */
  get video() {
    return /** @type {HTMLVideoElement} */ (part(this, "video"));
  }

  get #skeleton() {
    return /** @type {import("./skeleton.js").KitSkeleton} */ (part(this, "skeleton"));
  }

  content() {
    // Translators: alternative text of the kit's live picture.
    const alt = _("Live picture of the kit's camera");
    return html`<div class="live">
        <img data-part="kit" alt="${alt}" hidden>
        <img data-part="still" alt="" hidden>
        <video data-part="video" muted playsinline aria-hidden="true" hidden></video>
        <span class="square-mark" data-part="square" hidden></span>
        <kit-skeleton data-part="skeleton" hidden></kit-skeleton>
        ${badge()}${says()}
      </div>
      ${smallBars()}`;
  }

  built() {
    const image = part(this, "kit");
    image.addEventListener("load", () => {
      this.#streamTry = 0;
      if (this.#streamLate) {
        this.#streamLate = false;
        this.redraw();
      }
      this.#placeSquare();
    });
    image.addEventListener("error", () => this.#streamBroke());
    part(this, "still").addEventListener("load", () => this.#placeSquare());
    this.video.addEventListener("loadedmetadata", () => this.#placeSquare());
    new ResizeObserver(() => this.#placeSquare()).observe(part(this, "square").parentElement ?? this);
  }

  draw() {
    const absent = this.#words();
    const words = absent ?? this.#lateWords();
    const image = /** @type {HTMLImageElement} */ (part(this, "kit"));
    const kitShown = this.source === "kit" && !absent;
    if (document.readyState !== "complete") {
      // A picture that never ends would keep the page "loading" for ever.
      window.addEventListener("load", () => this.redraw(), { once: true });
    } else if (kitShown && this.#awake) {
      if (!image.getAttribute("src")) image.src = `${STREAM}?n=${this.#streamTry}`;
    } else if (image.getAttribute("src")) image.removeAttribute("src");
    image.hidden = !kitShown;
    const video = this.video;
    const videoShown = this.source === "tablet" && !words && this.#stream !== null;
    if (video.srcObject !== this.#stream) {
      video.srcObject = this.#stream;
      if (this.#stream) void video.play().catch(() => {});
    }
    video.hidden = !videoShown;
    const stillShown = this.#drawStill();
    const shown = kitShown || videoShown || stillShown;
    part(this, "square").hidden = !shown || this.kind !== imageKind;
    this.#skeleton.hidden = !shown || this.kind === imageKind;
    this.drawSays(words);
    this.#placeSquare();
  }

  /** @returns {boolean} whether an example object is shown */
  #drawStill() {
    const image = /** @type {HTMLImageElement} */ (part(this, "still"));
    const still = this.source === "basket" ? this.#still : null;
    image.hidden = still === null;
    if (still && image.getAttribute("src") !== still.url) {
      image.src = still.url;
      // Translators: alternative text of the picture of an example object. {name} is such as "can 1".
      image.alt = _("Example object: {name}", { name: still.name });
    }
    return still !== null;
  }

  /** What stands over a live picture that breaks again and again. @returns {Words | null} */
  #lateWords() {
    if (this.source !== "kit" || !this.#streamLate) return null;
    // Translators: the live picture does not come: too many screens watch, or the Wi-Fi is slow.
    const title = _("The live picture does not come");
    // Translators: what to do while the live picture does not come. "Show" is a button.
    const text = _("This page tries again by itself. “Show” works all the same.");
    return { title, text };
  }

  /** What stands in the picture's place, or null where there is a picture. @returns {Words | null} */
  #words() {
    // Translators: button that looks for the camera once more.
    const again = _("Try again");
    if (this.source === "files") {
      // Translators: shown in the live picture's place while picture files are chosen.
      const title = _("Choose or drop pictures");
      // Translators: what to do with picture files. "Choose pictures" is a button.
      const text = _("Press “Choose pictures” beside a label, or drop files on it. Each file counts as a showing of its own.");
      return { title, text };
    }
    if (this.source === "basket") {
      if (this.#still) return null;
      // Translators: shown in the live picture's place until an example object was chosen.
      const title = _("Choose an object");
      // Translators: what to do until an example object was chosen.
      const text = _("It lies here then, as before a camera.");
      return { title, text };
    }
    if (this.source === "tablet") {
      if (!this.secure) {
        // Translators: shown where the browser does not lend its camera to this page.
        const title = _("Film for three seconds");
        // Translators: how pictures are taken with a tablet on a page without https. "Film" is a button.
        const text = _("Press “Film” beside a label and move around the object. The film is cut into pictures on this screen; its sound is not sent.");
        return { title, text };
      }
      if (this.#tabletWords) return this.#tabletWords;
      if (this.#stream) return null;
      // Translators: shown while the browser asks whether the page may use its camera.
      const title = _("May the kit use this screen's camera?");
      // Translators: what to do when the browser asks about the camera.
      const text = _("Your browser is asking. Press “Allow”.");
      return { title, text };
    }
    const camera = this.#camera;
    if (!camera || camera.state === "starting") {
      // Translators: shown while the kit's camera starts.
      const title = _("The camera is starting…");
      return { title, text: "" };
    }
    if (camera.state === "live") return null;
    if (camera.settings.name === "none") {
      // Translators: shown where somebody chose to use no camera.
      const title = _("The kit's camera is off");
      // Translators: what to do when the camera was switched off on purpose.
      const text = _("Choose a camera in “Camera settings”, or show pictures from this screen or from files.");
      return { title, text };
    }
    if (camera.state === "off" && !camera.message) return null; // it starts when somebody watches
    // Translators: shown where the kit has no camera or lost it.
    const title = _("No camera");
    // Translators: what to do when the kit sees no camera.
    const text = camera.message ?? _("Check that the cable is pushed in, then press Try again. This screen's camera and picture files work too.");
    return { title, text, again };
  }

  /** Puts square and points where the picture is: it is fitted inside its frame. */
  #placeSquare() {
    const square = part(this, "square");
    const frame = square.parentElement;
    const image = /** @type {HTMLImageElement} */ (part(this, this.source === "basket" ? "still" : "kit"));
    const [width, height] = this.source === "tablet"
      ? [this.video.videoWidth, this.video.videoHeight]
      : [image.naturalWidth, image.naturalHeight];
    if (!frame || !width || !height) return;
    const [outerWidth, outerHeight] = [frame.clientWidth, frame.clientHeight];
    const scale = Math.min(outerWidth / width, outerHeight / height);
    /** @param {HTMLElement} drawing @param {number} wide @param {number} high */
    const place = (drawing, wide, high) => {
      drawing.style.setProperty("--left", `${(outerWidth - wide) / 2}px`);
      drawing.style.setProperty("--top", `${(outerHeight - high) / 2}px`);
      drawing.style.setProperty("--wide", `${wide}px`);
      drawing.style.setProperty("--high", `${high}px`);
    };
    const side = Math.min(width, height) * scale;
    place(square, side, side);
    place(this.#skeleton, width * scale, height * scale);
  }

  #streamBroke() {
    const image = /** @type {HTMLImageElement} */ (part(this, "kit"));
    if (!image.getAttribute("src")) return;
    image.removeAttribute("src");
    this.#streamTry += 1;
    this.#streamLate = this.#streamTry > 1;
    send(this, "stream-broke");
    setTimeout(() => this.redraw(), Math.min(8000, 1000 * this.#streamTry));
  }
}

customElements.define("kit-stage", KitStage);
