// @ts-check
/** The sense of projects of gestures: a camera of whose pictures only the points of hands are kept. */
import "../elements/kept.js";
import { api } from "../lib/api.js";
import { Looking } from "./project-look.js";

export class Signing extends Looking {
  #id;
  #state;
  #known = -1;

  /** @param {import("./project-sense.js").Page} page */
  constructor(page) {
    super(page);
    this.#id = page.id;
    this.#state = page.state;
    this.below = /** @type {import("../elements/kept.js").KitKept} */ (document.createElement("kit-kept"));
  }

  /** Before there is anything to tell apart, only where the hand is: as the kit's own camera shows it. */
  question() {
    return super.question() ?? (async (/** @type {Blob} */ picture) => ({ prediction: null, ...(await api.hands(this.#id, picture)) }));
  }

  /** Gestures came or went: what the newest one weighs. */
  stateChanged() {
    const samples = this.#state().labels.reduce((sum, label) => sum + label.samples, 0);
    if (samples === this.#known) return;
    this.#known = samples;
    if (!samples) this.below.sample = null;
    else {
      void api.samples(this.#id, null, null, 1).then(
        ({ samples: [newest] }) => (this.below.sample = newest ?? null),
        () => {}, // a lost kit is said elsewhere
      );
    }
  }
}
