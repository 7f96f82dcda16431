// @ts-check
/** Example objects that stand in for a camera: one lies there, its pictures follow one another. */
import { api } from "./api.js";

/** @typedef {import("./types.js").BasketShowing} BasketShowing */
/** @typedef {{ key: string, name: string, thumb: string, showings: BasketShowing[] }} BasketObject */
/** @typedef {{ url: string, blob: Blob }} Picture */

export class Basket {
  /** @type {BasketObject[]} */
  objects;
  /** @type {BasketObject | null} */
  chosen = null;
  /** How each object lies: the index of its showing. @type {Map<string, number>} */
  #lies = new Map();
  /** @type {Picture[]} */
  #pictures = [];
  #at = 0;
  #wanted = "";

  /** @param {BasketShowing[]} showings */
  constructor(showings) {
    this.objects = objectsOf(showings);
  }

  /** The showing that lies there now. */
  get showing() {
    return this.chosen?.showings[this.way - 1] ?? null;
  }

  /** Which of its showings the chosen object is in, from 1. */
  get way() {
    return (this.#lies.get(this.chosen?.key ?? "") ?? 0) + 1;
  }

  /**
   * One name for one showing, however often it is taken: the same pictures taken twice are no
   * second showing, and a check on them would flatter the model.
   */
  get burst() {
    return `example/${this.chosen?.key}/${this.showing?.burst}`;
  }

  /** What lies there now, or null before the first choice. */
  get picture() {
    return this.#pictures[this.#at] ?? null;
  }

  /** The next picture of the showing; after the last comes the first. */
  next() {
    this.#at = (this.#at + 1) % Math.max(1, this.#pictures.length);
    return this.picture;
  }

  /**
   * Puts an object there, as it lay before; the one that lies there already is laid another way.
   * @param {string} key
   */
  async choose(key) {
    const object = this.objects.find((one) => one.key === key);
    if (!object) return;
    this.#wanted = key;
    const before = this.#lies.get(key) ?? 0;
    const index = object === this.chosen ? (before + 1) % object.showings.length : before;
    const pictures = await Promise.all(
      (object.showings[index]?.pictures ?? []).map(async ({ url }) => ({ url, blob: await api.examplePicture(url) })),
    );
    if (this.#wanted !== key) return; // another one was chosen meanwhile
    this.#lies.set(key, index);
    this.chosen = object;
    this.#pictures = pictures;
    this.#at = 0;
  }
}

/** @param {BasketShowing[]} showings @returns {BasketObject[]} "can 1", "can 2" where a label has several */
function objectsOf(showings) {
  /** @type {Map<string, BasketShowing[]>} */
  const grouped = new Map();
  for (const showing of showings) grouped.set(showing.object, [...(grouped.get(showing.object) ?? []), showing]);
  const labels = [...grouped.values()].map((own) => own[0]?.label ?? "");
  return [...grouped].map(([key, own], index) => {
    const label = labels[index] ?? "";
    const number = labels.slice(0, index + 1).filter((one) => one === label).length;
    const alone = labels.filter((one) => one === label).length === 1;
    return { key, name: alone ? label : `${label}\u00a0${number}`, thumb: own[0]?.pictures[0]?.url ?? "", showings: own };
  });
}
