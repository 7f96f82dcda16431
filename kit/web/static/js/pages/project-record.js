// @ts-check
/** Recording clips: a count-down, then the kit's microphone, this screen's, or files. */
import { api } from "../lib/api.js";
import { newBurst } from "../lib/capture.js";
import { problem, toasts } from "../lib/frame.js";
import { cutIntoSeconds, readableSound } from "../lib/sounds.js";
import { encodeWav } from "../lib/wav.js";
import { sendFiles } from "./project-files.js";

/** @typedef {import("../lib/types.js").Burst} Burst */
/** @typedef {import("../lib/types.js").Label} Label */
/** @typedef {import("../lib/microphone.js").ScreenMicrophone} ScreenMicrophone */
/** @typedef {import("../elements/sound-stage.js").KitSoundStage} KitSoundStage */

const COUNT_MS = 700;
/** Of a word or a clap the kit keeps the loudest second of these; the background is cut into seconds. */
const CLIP_S = 2;
const BACKGROUND_S = 10;
/** The kit's microphone may take this long to begin. */
const LATE_MS = 6000;

export class Recording {
  #page;
  #stage;
  /** From the first count to the last sample. @type {{ burst: Burst, stopping: AbortController } | null} */
  #now = null;
  /** The label recorded last. */
  last = "";

  /** @param {import("./project-sense.js").Page} page @param {KitSoundStage} stage */
  constructor(page, stage) {
    this.#page = page;
    this.#stage = stage;
  }

  /** The recording of this page, if one runs. */
  get burst() {
    return this.#now?.burst ?? null;
  }

  /**
   * Counts down and records; ends by itself.
   * @param {Label} label @param {ScreenMicrophone | null} screen null: the kit's microphone
   */
  async take(label, screen) {
    const now = { burst: { id: "", label_id: label.id, samples: 0 }, stopping: new AbortController() };
    const { signal } = now.stopping;
    this.#now = now;
    this.last = label.id;
    this.#stage.advice = "";
    const seconds = label.is_nothing ? BACKGROUND_S : CLIP_S;
    try {
      await this.#countDown(signal);
      if (signal.aborted) return;
      const showing = this.#showProgress(seconds);
      try {
        if (screen) await this.#onScreen(label, seconds, screen, signal);
        else await this.#onKit(label, seconds, signal);
      } finally {
        clearInterval(showing);
        this.#stage.progress = null;
      }
    } catch (error) {
      problem(error);
    } finally {
      this.#now = null;
    }
  }

  stop() {
    this.#now?.stopping.abort();
  }

  /** @param {AbortSignal} signal */
  async #countDown(signal) {
    for (let count = 3; count > 0 && !signal.aborted; count -= 1) {
      this.#stage.count = count;
      this.#page.drawLabels();
      await wait(COUNT_MS, signal);
    }
    this.#stage.count = null;
    this.#page.drawLabels();
  }

  /** @param {Label} label @param {number} seconds @param {AbortSignal} signal */
  async #onKit(label, seconds, signal) {
    const { id } = this.#page;
    await api.startBurst(id, label.id, seconds);
    await wait(seconds * 1000, signal);
    const late = performance.now() + LATE_MS;
    while (this.#page.state().burst && !signal.aborted && performance.now() < late) await wait(50, signal);
    // It has ended by itself, or ends now; either way it answers once everything is kept.
    await api.stopBurst(id);
  }

  /** @param {Label} label @param {number} seconds @param {ScreenMicrophone} screen @param {AbortSignal} signal */
  async #onScreen(label, seconds, screen, signal) {
    const samples = await screen.record(seconds, signal);
    if (signal.aborted && samples.length < screen.rateHz / 2) return; // stopped before anything was said
    const clips = label.is_nothing ? cutIntoSeconds(samples, screen.rateHz) : [encodeWav(samples, screen.rateHz)];
    const answer = await api.addSamples(this.#page.id, label.id, clips, "browser microphone", newBurst());
    if (answer.refused[0]) toasts.show({ text: answer.refused[0].error.message, problem: true });
    this.#stage.advice = answer.advice?.[0]?.message ?? "";
    await this.#page.change(async () => {});
  }

  /** @param {number} seconds */
  #showProgress(seconds) {
    const began = performance.now();
    this.#stage.progress = 0;
    return setInterval(() => (this.#stage.progress = Math.min(1, (performance.now() - began) / 1000 / seconds)), 100);
  }

  /** @param {string} label @param {File[]} files */
  async takeFiles(label, files) {
    /** @type {import("./project-files.js").Refused[]} */
    const refused = [];
    /** @type {File[]} */
    const readable = [];
    for (const file of files) {
      try {
        readable.push(await readableSound(file));
      } catch (error) {
        refused.push({ name: file.name, error: { message: error instanceof Error ? error.message : String(error) } });
      }
    }
    await sendFiles(this.#page.id, this.#page.kind, label, readable, { refused });
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function wait(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, signal.aborted ? 0 : ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
