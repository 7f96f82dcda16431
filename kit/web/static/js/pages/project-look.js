// @ts-check
/** The sense of projects of pictures and of gestures: a camera, its stage, and the words beside it. */
import "../elements/basket.js";
import "../elements/stage.js";
import { api } from "../lib/api.js";
import { Basket } from "../lib/basket.js";
import { canUseTabletCamera } from "../lib/capture.js";
import { part } from "../lib/dom.js";
import { attempt } from "../lib/frame.js";
import { Capturing } from "./project-capture.js";
import { openCamera } from "./project-dialogs.js";

/** @typedef {import("../lib/types.js").Camera} Camera */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../elements/sources.js").Source} Source */
/** @typedef {import("./project-sense.js").Sense} Sense */
/** @typedef {import("./project-sense.js").Page} Page */

/** @implements {Sense} */
export class Looking {
  #page;
  #capturing;
  /** @type {Camera | null} */
  #camera = null;
  /** Nobody chose the basket: there was no camera. */
  #instead = false;
  /** Somebody chose a source, or the camera was live: from then on nothing is chosen by itself. */
  #settled = false;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    const stage = /** @type {import("../elements/stage.js").KitStage} */ (document.createElement("kit-stage"));
    this.stage = stage;
    stage.kind = page.kind;
    stage.secure = canUseTabletCamera();
    this.#capturing = new Capturing(page.id, stage, page.kind, {
      changed: () => {
        page.drawLabels();
        this.#drawBasket();
      },
      stopped: page.burstEnded,
      predicted: page.predicted,
      question: () => (document.hidden ? null : this.question()),
    });
    stage.source = this.#capturing.source;
  }

  start() {
    if (this.source === "tablet") void this.#capturing.askForCamera();
  }

  /** What is asked about pictures that this page shows; null: nothing yet. @returns {import("./project-capture.js").Question | null} */
  question() {
    if (!this.#page.state().can_answer) return null;
    return async (picture) => {
      const prediction = await api.predict(this.#page.id, picture);
      return { prediction, hands: prediction.hands ?? [] };
    };
  }

  get source() {
    return this.#capturing.source;
  }

  get way() {
    return this.#capturing.way;
  }

  /** @param {import("../lib/types.js").Burst | null} server */
  running(server) {
    return this.#capturing.running(server);
  }

  get live() {
    return this.source === "kit";
  }

  get isAsked() {
    return this.live && this.#camera?.state === "live" && this.#page.state().can_answer;
  }

  get standing() {
    if (this.source !== "kit") return this.#capturing.hasPicture ? "ready" : "none";
    if (this.#camera?.state === "live") return "ready";
    return !this.#camera || this.#camera.state === "starting" ? "starting" : "none";
  }

  asked() {
    return this.#capturing.picture();
  }

  /** @param {string} label */
  take(label) {
    return this.#capturing.start(label);
  }

  stop() {
    return this.#capturing.stop();
  }

  /** @param {string} label @param {File[]} files */
  takeFiles(label, files) {
    return this.#capturing.sendFiles(label, files);
  }

  /** @param {string} label @param {File} film */
  takeFilm(label, film) {
    return this.#capturing.sendFilm(label, film);
  }

  /** @param {Source} source */
  choose(source) {
    this.#settled = true;
    this.#instead = false;
    this.#choose(source);
  }

  /** @param {Source} source @param {{ remember?: boolean }} [how] */
  #choose(source, how) {
    this.#page.predicted(null);
    this.stage.hands = [];
    this.#capturing.choose(source, how);
    this.#page.sourceChosen();
    this.#drawBasket();
  }

  /** @param {string} key of an example object */
  lay(key) {
    return this.#capturing.lay(key);
  }

  again() {
    if (this.source === "tablet") return void this.#capturing.askForCamera();
    return void attempt(async () => this.#show(await api.setCamera((this.#camera ?? (await api.camera())).settings)));
  }

  openDevice() {
    void attempt(async () => openCamera(this.#camera ?? (await api.camera()), (now) => this.#show(now)));
  }

  streamBroke() {
    void this.refresh().then(() => this.#page.drawWaiting());
  }

  async refresh() {
    await attempt(async () => this.#show(await api.camera()));
  }

  /** @param {string} kind @param {any} data */
  news(kind, data) {
    if (kind === "camera") this.#show(data);
    if ((kind === "hands" || kind === "prediction") && this.live) this.stage.hands = data.hands ?? [];
    if (kind === "hands" && this.isAsked) this.#page.predicted(null); // no hand: the last answer was about another picture
  }

  /** Objects of the project's activity. @param {import("../lib/types.js").BasketShowing[]} showings */
  set basket(showings) {
    this.#capturing.basket = new Basket(showings);
    if (!this.#settled && this.#capturing.basketWasChosen) {
      this.#settled = true;
      this.#choose("basket");
    } else this.#standIn();
  }

  /** @param {Camera} now */
  #show(now) {
    this.#camera = now;
    this.stage.camera = now;
    if (now.state !== "live" && this.source === "kit") {
      this.#page.predicted(null);
      this.stage.hands = [];
    }
    if (now.state === "live") {
      this.#settled = true;
      this.#instead = false;
    }
    this.#page.drawWaiting();
    this.#drawBasket();
    this.#standIn();
  }

  /** With no camera at all, an activity's example objects stand in for it; only before anybody chose. */
  #standIn() {
    const none = this.#camera && (this.#camera.settings.name === "none" || this.#camera.state === "lost");
    if (this.#settled || !none || !this.#capturing.basket || this.source !== "kit") return;
    this.#settled = this.#instead = true;
    this.#choose("basket", { remember: false });
  }

  #drawBasket() {
    const basket = this.#capturing.basket;
    const place = /** @type {import("../elements/basket.js").KitBasket} */ (part(document, "basket"));
    place.hidden = this.source !== "basket";
    if (!basket) return;
    const { objects, chosen, way } = basket;
    place.shown = {
      objects,
      instead: this.#instead,
      chosen: chosen && { key: chosen.key, name: chosen.name, way, ways: chosen.showings.length },
    };
    this.#page.drawWaiting();
  }
}
