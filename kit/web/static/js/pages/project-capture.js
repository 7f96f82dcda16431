// @ts-check
/** Taking pictures, of objects or of hands: with the kit's camera, this screen's camera, a film, files, or an activity's basket. */
import { api } from "../lib/api.js";
import { canUseTabletCamera, cutFilm, newBurst, openTabletCamera, snapshot, takeBurst } from "../lib/capture.js";
import { percent } from "../lib/format.js";
import { problem, toasts } from "../lib/frame.js";
import { _ } from "../lib/i18n.js";
import { sendFiles } from "./project-files.js";

/** @typedef {import("../lib/types.js").Burst} Burst */
/** @typedef {import("../lib/types.js").Prediction} Prediction */
/** @typedef {import("../elements/sources.js").Source} Source */
/** @typedef {import("../elements/stage.js").KitStage} KitStage */
/** @typedef {import("../lib/basket.js").Basket} Basket */
/** @typedef {{ prediction: Prediction | null, hands: import("../elements/skeleton.js").Hand[] }} Seen  what the kit says of a picture */
/** @typedef {(picture: Blob) => Promise<Seen>} Question */
/**
 * @typedef {{ changed: () => void, stopped: () => void, predicted: (prediction: Prediction | null) => void,
 *   question: () => Question | null }} Hooks  question: what to ask about a picture now; null: nothing
 */

/** Between two questions with this screen's pictures: thirty tablets share one kit. */
const ASK_EVERY_MS = 300;
/** The pictures of an example object follow one another at this pace, and are taken at that one. */
const LAY_EVERY_MS = 500;
const TAKEN_A_SECOND = 4;
/** News of a burst arrive within this. */
const HEARD_MS = 1500;
const REMEMBERED = "mallette-source";
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class Capturing {
  #id;
  #stage;
  #kind;
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
  /** What is asked about; another object once something else is seen. @type {object | null} */
  #round = null;
  /** @type {Basket | null} */
  #basket = null;
  /** Showings of the basket that this page has taken. @type {Set<string>} */
  #taken = new Set();

  /** @param {string} id @param {KitStage} stage @param {import("../kinds/kind.js").Kind} kind @param {Hooks} hooks */
  constructor(id, stage, kind, hooks) {
    this.#id = id;
    this.#stage = stage;
    this.#kind = kind;
    this.#hooks = hooks;
    const before = localStorage.getItem(REMEMBERED);
    this.#source = before === "tablet" || before === "files" ? before : "kit";
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#closeCamera();
      else this.#look();
    });
  }

  get source() {
    return this.#source;
  }

  /** @param {Source} source @param {{ remember?: boolean }} [how] a choice nobody made is not remembered */
  choose(source, { remember = true } = {}) {
    if (this.#burst) void this.stop();
    this.#source = source;
    if (remember) localStorage.setItem(REMEMBERED, source);
    this.#stage.source = source;
    this.#closeCamera();
    this.#look();
  }

  /** Takes up what the source shows: at once, and when the page wakes. */
  #look() {
    if (this.#source === "tablet") void this.askForCamera();
    if (this.#source !== "basket" || !this.#basket) return;
    if (this.#basket.chosen) void this.#askForAnswers((asked) => this.#lookAtBasket(asked), LAY_EVERY_MS);
    else void this.lay(this.#basket.objects[0]?.key ?? ""); // so that the bars move at once
  }

  get basket() {
    return this.#basket;
  }

  /** Example objects of the project's activity. @param {Basket | null} basket */
  set basket(basket) {
    this.#basket = basket;
  }

  /** Whether this screen's last choice was the basket. */
  get basketWasChosen() {
    return localStorage.getItem(REMEMBERED) === "basket";
  }

  /** Puts an example object there; the one that lies there is laid another way. @param {string} key */
  async lay(key) {
    const basket = this.#basket;
    if (!basket) return;
    if (this.#burst) void this.stop();
    try {
      await basket.choose(key);
    } catch (error) {
      problem(error);
    }
    this.#hooks.changed();
    if (this.#source !== "basket" || !basket.picture) return;
    this.#hooks.predicted(null); // the last answer was about another picture
    this.#show(basket.picture);
    this.#look();
  }

  /** @param {import("../lib/basket.js").Picture} picture */
  #show(picture) {
    this.#stage.still = { url: picture.url, name: this.#basket?.chosen?.name ?? "" };
  }

  /** The object's next picture; where less motion is asked for, the same one. @param {boolean} asked */
  #lookAtBasket(asked) {
    const picture = lessMotion.matches ? this.#basket?.picture : this.#basket?.next();
    if (!picture) return null;
    this.#show(picture);
    return asked ? Promise.resolve(picture.blob) : null;
  }

  /** How a label's button takes pictures now. @returns {import("../elements/label-row.js").Way} */
  get way() {
    if (this.#source === "files") return "files";
    return this.#source === "tablet" && !canUseTabletCamera() ? "film" : "burst";
  }

  get hasPicture() {
    if (this.#source === "basket") return !!this.#basket?.picture;
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
    const lying = this.#source === "basket" ? this.#basket?.picture : null;
    if (lying) return Promise.resolve(lying.blob);
    return this.#source === "tablet" ? snapshot(this.#stage.video) : api.cameraPicture();
  }

  async askForCamera() {
    if (!canUseTabletCamera() || this.#stream) return;
    this.#stage.tabletWords = null;
    try {
      const stream = await openTabletCamera();
      if (this.#source !== "tablet") {
        for (const track of stream.getTracks()) track.stop(); // lent too late
        return;
      }
      this.#stream = stream;
      this.#stage.stream = this.#stream;
      const video = this.#stage.video;
      const look = (/** @type {boolean} */ asked) => (asked && video.videoWidth ? snapshot(video) : null);
      void this.#askForAnswers(look, ASK_EVERY_MS);
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
    this.#round = null;
    this.#stage.stream = null;
  }

  /**
   * Asks about what is seen, again and again, until something else is.
   * @param {(asked: boolean) => Promise<Blob> | null} look asked: whether there is a question; null: nothing to ask about
   * @param {number} everyMs
   */
  async #askForAnswers(look, everyMs) {
    const round = (this.#round = {});
    while (this.#round === round) {
      const began = performance.now();
      const question = this.#hooks.question();
      const picture = document.hidden || this.#burst ? null : look(question !== null);
      if (picture && question) {
        const seen = await picture.then(question).catch(() => null); // the next one may do; a lost kit is said elsewhere
        if (this.#round === round && (seen || !this.#kind.answersAlways)) {
          this.#hooks.predicted(seen?.prediction ?? null);
          this.#stage.hands = seen?.hands ?? [];
        }
      }
      const rest = everyMs - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(60, rest)));
    }
  }

  /** @param {string} label_id */
  start(label_id) {
    this.#burst = { id: "", label_id, samples: 0 };
    this.#hooks.changed();
    if (this.#source === "tablet") return this.#takeHere(label_id, () => snapshot(this.#stage.video), "browser camera", newBurst());
    if (this.#source === "basket") return this.#takeFromBasket(label_id);
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
    if (this.#source !== "kit" || this.#burst === null) return Promise.resolve();
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

  /**
   * Every picture of the showing that lies there, once.
   * @param {string} label_id
   */
  async #takeFromBasket(label_id) {
    const [basket, showing] = [this.#basket, this.#basket?.showing];
    if (!basket || !showing) return;
    const take = () => {
      const picture = basket.next();
      if (!picture) return Promise.reject(new Error("an empty basket"));
      if (!lessMotion.matches) this.#show(picture);
      return Promise.resolve(picture.blob);
    };
    const limits = { most: showing.pictures.length, perSecond: TAKEN_A_SECOND };
    const burst = basket.burst;
    await this.#takeHere(label_id, take, "example", burst, limits);
    // Translators: an example object was shown twice in the same way. "Lay it another way" is a button.
    const same = _("The same pictures again: still one showing. Press “Lay it another way” for another.");
    if (this.#taken.has(burst)) toasts.show({ text: same });
    this.#taken.add(burst);
  }

  /**
   * A burst of pictures that this page takes itself.
   * @param {string} label_id @param {() => Promise<Blob>} take
   * @param {"browser camera" | "example"} source @param {string} name of the burst
   * @param {{ most?: number, perSecond?: number }} [limits]
   */
  async #takeHere(label_id, take, source, name, limits) {
    this.#stopping?.abort(); // one label at a time
    const stopping = (this.#stopping = new AbortController());
    const deliver = async (/** @type {Blob[]} */ blobs) => {
      const kept = await api.addSamples(this.#id, label_id, blobs, source, name);
      if (this.#burst && this.#stopping === stopping) {
        this.#burst = { ...this.#burst, samples: this.#burst.samples + kept.samples.length };
      }
      this.#hooks.changed();
    };
    try {
      await takeBurst(take, deliver, stopping.signal, limits);
    } catch (error) {
      problem(error);
    } finally {
      if (this.#stopping === stopping) this.#burst = undefined;
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
      await sendFiles(this.#id, this.#kind, label, blobs, { source: "film", burst: newBurst(), notice });
    } catch (error) {
      problem(error);
    } finally {
      notice.close();
    }
  }

  /** @param {string} label @param {File[]} files each is its own showing */
  sendFiles(label, files) {
    return sendFiles(this.#id, this.#kind, label, files);
  }
}
