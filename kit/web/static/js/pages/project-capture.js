// @ts-check
/** Taking pictures: with the kit's camera, this screen's camera, a film, or files. */
import { api } from "../lib/api.js";
import { canUseTabletCamera, cutFilm, newBurst, openTabletCamera, snapshot, takeBurst } from "../lib/capture.js";
import { closeButton, openDialog } from "../lib/dialogs.js";
import { count, percent, pictures } from "../lib/format.js";
import { problem, toasts } from "../lib/frame.js";
import { html } from "../lib/html.js";
import { _, ngettext } from "../lib/i18n.js";

/** @typedef {import("../lib/types.js").Burst} Burst */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../elements/sources.js").Source} Source */
/** @typedef {import("../elements/stage.js").KitStage} KitStage */
/** @typedef {{ changed: () => void, stopped: () => void, predicted: (prediction: Prediction | null) => void, mayPredict: () => boolean }} Hooks */

/** One request never holds more: the kit takes 60 files, and a slow Wi-Fi should show progress. */
const FILES_A_REQUEST = 8;
const BYTES_A_REQUEST = 30e6;
/** Between two questions with this screen's pictures: thirty tablets share one kit. */
const ASK_EVERY_MS = 300;
/** News of a burst arrive within this. */
const HEARD_MS = 1500;
const REMEMBERED = "mallette-source";

export class Capturing {
  #id;
  #stage;
  #hooks;
  /** @type {Source} */
  #source;
  /** @type {MediaStream | null} */
  #stream = null;
  /** The burst as this page knows it; the server's word may come later. @type {Burst | null | undefined} */
  #burst = undefined;
  /** @type {AbortController | null} */
  #stopping = null;
  /** Start and stop go to the kit in the order they were pressed. @type {Promise<void>} */
  #line = Promise.resolve();

  /** @param {string} id @param {KitStage} stage @param {Hooks} hooks */
  constructor(id, stage, hooks) {
    this.#id = id;
    this.#stage = stage;
    this.#hooks = hooks;
    const before = localStorage.getItem(REMEMBERED);
    this.#source = before === "tablet" || before === "files" ? before : "kit";
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#closeCamera();
      else if (this.#source === "tablet") void this.askForCamera();
    });
  }

  get source() {
    return this.#source;
  }

  set source(source) {
    if (this.#burst) void this.stop();
    this.#source = source;
    localStorage.setItem(REMEMBERED, source);
    this.#stage.source = source;
    if (source === "tablet") void this.askForCamera();
    else this.#closeCamera();
  }

  /** How a label's button takes pictures now. @returns {import("../elements/label-row.js").Way} */
  get way() {
    if (this.#source === "files") return "files";
    return this.#source === "tablet" && !canUseTabletCamera() ? "film" : "burst";
  }

  get hasPicture() {
    return this.#source === "tablet" && this.#stream !== null;
  }

  /**
   * The burst that runs. This page's own word counts from the press until the kit's word arrives:
   * the kit may end a burst by itself.
   * @param {Burst | null} server
   */
  running(server) {
    if (this.#source === "kit" && this.#burst && server?.label_id === this.#burst.label_id) this.#burst = undefined;
    return this.#burst === undefined ? server : this.#burst;
  }

  /** One picture of what is seen now. @returns {Promise<Blob>} */
  picture() {
    return this.#source === "tablet" ? snapshot(this.#stage.video) : api.cameraPicture();
  }

  async askForCamera() {
    if (!canUseTabletCamera() || this.#stream) return;
    this.#stage.tabletWords = null;
    try {
      this.#stream = await openTabletCamera();
      this.#stage.stream = this.#stream;
      void this.#askForAnswers(this.#stream);
    } catch (error) {
      const refused = error instanceof DOMException && error.name === "NotAllowedError";
      // Translators: the browser was not allowed to use its camera.
      const denied = _("The browser may not use the camera");
      // Translators: what to do when the browser may not use its camera.
      const allow = _("Allow the camera for this page in the browser's settings, then press Try again.");
      // Translators: this tablet or computer has no camera that works.
      const none = _("This screen has no camera");
      // Translators: what to do when the tablet has no camera.
      const other = _("Use the kit's camera or picture files. If another program uses the camera, close it.");
      // Translators: button that looks for the camera once more.
      const again = _("Try again");
      this.#stage.tabletWords = refused ? { title: denied, text: allow, again } : { title: none, text: other, again };
    }
    this.#hooks.changed();
  }

  #closeCamera() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#stage.stream = null;
  }

  /** @param {MediaStream} stream asks until the stream is another one */
  async #askForAnswers(stream) {
    while (this.#stream === stream) {
      const began = performance.now();
      if (this.#hooks.mayPredict() && !this.#burst && this.#stage.video.videoWidth) {
        const prediction = await snapshot(this.#stage.video)
          .then((picture) => api.predict(this.#id, picture))
          .catch(() => null); // the next one may do; a lost kit is said elsewhere
        if (prediction && this.#stream === stream) this.#hooks.predicted(prediction);
      }
      const rest = ASK_EVERY_MS - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(60, rest)));
    }
  }

  /** @param {string} label_id */
  start(label_id) {
    this.#burst = { id: "", label_id, samples: 0 };
    this.#hooks.changed();
    if (this.#source === "tablet") return this.#takeWithScreen(label_id);
    const mine = this.#burst;
    const release = () => {
      if (this.#burst !== mine) return;
      this.#burst = undefined;
      this.#hooks.changed();
    };
    return this.#inLine(() => api.startBurst(this.#id, label_id), release).then(() => {
      setTimeout(release, HEARD_MS); // a burst so short that no news told of it
    });
  }

  stop() {
    this.#stopping?.abort();
    if (this.#source === "tablet" || this.#burst === null) return Promise.resolve();
    const known = this.#burst !== undefined;
    this.#burst = null;
    this.#hooks.changed();
    return this.#inLine(() => api.stopBurst(this.#id), () => {}, !known).then(() => {
      if (this.#burst === null) this.#burst = undefined; // from here the kit's word counts
      this.#hooks.stopped();
    });
  }

  /**
   * @param {() => Promise<unknown>} deed @param {() => void} otherwise
   * @param {boolean} [quietly] nobody pressed anything: a burst that is over is no news
   */
  #inLine(deed, otherwise, quietly = false) {
    this.#line = this.#line.then(async () => {
      try {
        await deed();
      } catch (error) {
        otherwise();
        if (!quietly) problem(error);
        this.#hooks.changed();
      }
    });
    return this.#line;
  }

  /** @param {string} label_id */
  async #takeWithScreen(label_id) {
    this.#stopping = new AbortController();
    const name = newBurst();
    try {
      await takeBurst(
        this.#stage.video,
        async (blobs) => {
          const kept = await api.addPictures(this.#id, label_id, blobs, "browser camera", name);
          if (this.#burst) this.#burst = { ...this.#burst, samples: this.#burst.samples + kept.samples.length };
          this.#hooks.changed();
        },
        this.#stopping.signal,
      );
    } catch (error) {
      problem(error);
    } finally {
      this.#burst = undefined;
      this.#hooks.changed();
    }
  }

  /** @param {string} label @param {File} film */
  async sendFilm(label, film) {
    const cutting = (/** @type {number} */ done) => {
      // Translators: while a film is cut into pictures in the browser. {share} is such as "40 %".
      return _("Cutting the film into pictures: {share}", { share: percent(done) });
    };
    const notice = toasts.show({ text: cutting(0), progress: true });
    try {
      const blobs = await cutFilm(film, (done) => notice.say(cutting(done)));
      await this.#send(label, blobs, "film", newBurst(), notice);
    } catch (error) {
      problem(error);
    } finally {
      notice.close();
    }
  }

  /** @param {string} label @param {File[]} files each is its own showing */
  async sendFiles(label, files) {
    const notice = toasts.show({ text: "…", progress: true });
    try {
      await this.#send(label, files, "file", null, notice);
    } catch (error) {
      problem(error);
    } finally {
      notice.close();
    }
  }

  /**
   * @param {string} label @param {(File | Blob)[]} all @param {"file" | "film"} source
   * @param {string | null} burst @param {{ say: (text: string) => void }} notice
   */
  async #send(label, all, source, burst, notice) {
    /** @type {{ name: string, error: { message: string } }[]} */
    const refused = [];
    let kept = 0;
    let at = 0;
    while (at < all.length) {
      const request = nextRequest(all, at);
      // Translators: while picture files travel to the kit.
      notice.say(_("Sending: {done} of {all}", { done: count(at), all: count(all.length) }));
      const answer = await api.addPictures(this.#id, label, request, source, burst);
      refused.push(...answer.refused);
      kept += answer.samples.length;
      at += request.length;
    }
    if (refused.length) sayRefused(refused, kept);
    // Translators: after pictures were added. {pictures} is such as "3 pictures".
    else toasts.show({ text: _("Added: {pictures}.", { pictures: pictures(kept) }) });
  }
}

/** @param {(File | Blob)[]} all @param {number} at */
function nextRequest(all, at) {
  let bytes = 0;
  const request = [];
  for (const picture of all.slice(at, at + FILES_A_REQUEST)) {
    bytes += picture.size;
    if (request.length && bytes > BYTES_A_REQUEST) break;
    request.push(picture);
  }
  return request;
}

/** @param {{ name: string, error: { message: string } }[]} refused @param {number} kept */
function sayRefused(refused, kept) {
  // Translators: title of the list of files that the kit could not take.
  const title = ngettext("{n} file could not be taken", "{n} files could not be taken", refused.length);
  // Translators: the other files were taken. {pictures} is such as "3 pictures".
  const rest = _("Added all the same: {pictures}.", { pictures: pictures(kept) });
  openDialog(html`<header><h2>${title}</h2>${closeButton()}</header>
    <ul class="stack">${refused.map((one) => html`<li><b>${one.name}</b><br>${one.error.message}</li>`)}</ul>
    ${kept ? html`<p class="soft">${rest}</p>` : null}`);
}
