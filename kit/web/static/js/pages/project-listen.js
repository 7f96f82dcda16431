// @ts-check
/** The sense of projects of sounds: a microphone, whose turn it is, and what it hears. */
import "../elements/sound-stage.js";
import { animal } from "../lib/animals.js";
import { api } from "../lib/api.js";
import { attempt, session } from "../lib/frame.js";
import { _ } from "../lib/i18n.js";
import { canUseScreenMicrophone, ScreenMicrophone } from "../lib/microphone.js";
import { readableSound } from "../lib/sounds.js";
import { encodeWav } from "../lib/wav.js";
import { openMicrophone } from "./project-dialogs.js";
import { Recording } from "./project-record.js";
import { SoundChecks } from "./project-sound-checks.js";

/** @typedef {import("../lib/types.js").Burst} Burst */
/** @typedef {import("../lib/types.js").Microphone} Microphone */
/** @typedef {import("../elements/sources.js").Source} Source */
/** @typedef {import("./project-sense.js").Sense} Sense */

const REMEMBERED = "mallette-sound-source";
/** Between two questions with this screen's microphone: thirty tablets share one kit. */
const ASK_EVERY_MS = 300;
/** One answer asks about this much. */
const ASKED_S = 1;

/** @implements {Sense} */
export class Listening {
  #page;
  #recording;
  #checks;
  /** @type {Source} */
  #source;
  /** The kit's. @type {Microphone | null} */
  #microphone = null;
  /** This screen's own, once its owner lent it. @type {ScreenMicrophone | null} */
  #screen = null;

  /** @param {import("./project-sense.js").Page} page */
  constructor(page) {
    this.#page = page;
    const before = localStorage.getItem(REMEMBERED);
    this.#source = before === "tablet" || before === "files" ? before : "kit";
    this.stage = /** @type {import("../elements/sound-stage.js").KitSoundStage} */ (document.createElement("kit-sound-stage"));
    this.stage.secure = canUseScreenMicrophone();
    this.stage.source = this.#source;
    this.#recording = new Recording(page, this.stage);
    this.#checks = new SoundChecks(page);
    this.checks = this.#checks.place;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#closeScreen();
      else if (this.#source === "tablet") void this.#openScreen();
    });
    document.addEventListener("keydown", (event) => this.#pressedSpace(event));
  }

  start() {
    if (this.#source === "tablet") void this.#openScreen();
  }

  get source() {
    return this.#source;
  }

  /** @returns {import("../kinds/kind.js").Way} */
  get way() {
    if (this.#source === "files") return "files";
    return this.#source === "tablet" && !canUseScreenMicrophone() ? "film" : "record";
  }

  get live() {
    return this.#source === "kit";
  }

  get isAsked() {
    return this.live && this.#microphone?.state === "live" && this.#page.state().can_answer;
  }

  get standing() {
    if (this.#source === "tablet") return this.#screen ? "ready" : "none";
    if (this.#source !== "kit") return "none";
    const { state, message } = this.#microphone ?? { state: "starting", message: null };
    if (state === "live") return "ready";
    return state === "lost" || message || this.#microphone?.settings?.name === "none" ? "none" : "starting";
  }

  /** @param {Burst | null} server */
  running(server) {
    return this.#recording.burst ?? (this.live ? server : null);
  }

  stateChanged() {
    const { labels } = this.#page.state();
    const empty = labels.find((label) => label.is_nothing && !label.samples);
    const again = labels.find((label) => label.id === this.#recording.last && !label.is_nothing);
    const fewest = [...labels].sort((one, other) => Number(one.is_nothing) - Number(other.is_nothing) || one.samples - other.samples)[0];
    this.stage.target = empty ?? again ?? fewest ?? null;
    this.#checks.draw();
    this.#drawTurn();
  }

  // --- recording -------------------------------------------------------------------------

  /** @param {string} label_id */
  async take(label_id) {
    if (this.#recording.burst) return this.stop();
    const label = this.#page.state().labels.find((one) => one.id === label_id);
    if (!label || (this.#source === "tablet" && !this.#screen)) return;
    const taking = this.#recording.take(label, this.#screen);
    this.#drawTurn();
    await taking;
    this.#page.burstEnded();
    this.stateChanged();
  }

  stop() {
    this.#recording.stop();
    if (!this.#recording.burst && this.live && this.#page.state().burst) return attempt(() => api.stopBurst(this.#page.id));
    return undefined;
  }

  /** @param {string} label @param {File[]} files */
  takeFiles(label, files) {
    return this.#recording.takeFiles(label, files);
  }

  /** @param {string} label @param {File} file */
  takeFilm(label, file) {
    return this.#recording.takeFiles(label, [file]);
  }

  /** @param {File} file */
  readable(file) {
    return readableSound(file);
  }

  /** A press on the space bar records, where nothing else has the focus. @param {KeyboardEvent} event */
  #pressedSpace(event) {
    if (event.key !== " " || event.repeat || event.target !== document.body || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.stage.press();
  }

  // --- the kit's microphone --------------------------------------------------------------

  /** @param {Source} source */
  choose(source) {
    void this.stop();
    this.#source = source;
    localStorage.setItem(REMEMBERED, source);
    this.#closeScreen();
    this.stage.quiet();
    this.stage.advice = "";
    this.stage.source = source;
    this.#page.predicted(null);
    if (source === "tablet") void this.#openScreen();
    this.#page.sourceChosen();
  }

  again() {
    if (this.#source === "tablet") return void this.#openScreen();
    const now = async () => this.#microphone ?? (await api.microphone());
    return void attempt(async () => this.#show(await api.setMicrophone({ name: (await now()).settings?.name ?? "auto" })));
  }

  openDevice() {
    void attempt(async () => openMicrophone(this.#microphone ?? (await api.microphone()), (now) => this.#show(now)));
  }

  async refresh() {
    await attempt(async () => this.#show(await api.microphone()));
  }

  /** @param {string} kind @param {any} data */
  news(kind, data) {
    if (kind === "microphone") this.#show(data);
    if (kind === "sound" && this.live) this.stage.hear(data);
    if (kind === "prediction" && this.isAsked) this.#checks.note(data);
  }

  /** Advice on the sound that was just recorded stands where it was recorded. @param {{ id: string, message: string }} notice */
  noticed({ id, message }) {
    if (!id.startsWith("advice-sound")) return false;
    this.stage.advice = message;
    return true;
  }

  /** @param {Microphone} now */
  #show(now) {
    // What is said of a microphone that is heard (the kit is too busy) goes when it no longer holds.
    const before = this.#microphone?.state === "live" ? this.#microphone.message : null;
    if (now.state === "live" && now.message !== before) this.stage.advice = now.message ?? "";
    this.#microphone = now;
    this.stage.microphone = now;
    if (now.state !== "live" && this.live) {
      this.stage.quiet();
      this.#page.predicted(null);
    }
    this.#drawTurn();
    this.#page.drawWaiting();
  }

  #drawTurn() {
    // Translators: the turn lamp: nobody records with the kit's microphone.
    const free = _("The microphone is free.");
    // Translators: the turn lamp: this group records.
    const mine = _("The microphone is yours.");
    const taken = this.#microphone?.taken_by ?? null;
    const group = animal(taken?.animal)?.group;
    // Translators: the turn lamp: another group records. {group} is such as "the Otter group".
    const theirs = _("At the microphone: {group}. Your turn comes next.", { group: group ?? "" });
    // Translators: the turn lamp: another screen of the same group, or of this kit, records.
    const elsewhere = _("Another screen is recording. Your turn comes next.");
    if (!this.live || this.#microphone?.state !== "live") this.stage.turn = null;
    else if (this.#recording.burst) this.stage.turn = { kind: "mine", words: mine };
    else if (!taken) this.stage.turn = { kind: "free", words: free };
    else this.stage.turn = { kind: "theirs", words: group && taken.animal !== session.animal ? theirs : elsewhere };
  }

  // --- this screen's microphone ----------------------------------------------------------

  async #openScreen() {
    if (!canUseScreenMicrophone() || this.#screen) return;
    this.stage.screen = { lent: false, words: null };
    try {
      const screen = await ScreenMicrophone.open((heard) => this.stage.hear(heard));
      if (this.#source !== "tablet" || this.#screen || document.hidden) return screen.close(); // lent too late
      this.#screen = screen;
      screen.whenGone(() => this.#lostScreen(screen));
      this.stage.screen = { lent: true, words: null };
      void this.#askForAnswers(screen);
    } catch (error) {
      this.stage.screen = { lent: false, words: refusal(error) };
    }
    this.#page.drawWaiting();
  }

  /** It was pulled out. @param {ScreenMicrophone} screen */
  #lostScreen(screen) {
    if (this.#screen !== screen) return;
    void this.stop();
    this.#closeScreen();
    this.stage.quiet();
    this.stage.screen = { lent: false, words: refusal(null) };
    this.#page.drawWaiting();
  }

  #closeScreen() {
    this.#screen?.close();
    this.#screen = null;
    this.stage.screen = { lent: false, words: null };
  }

  /** @param {ScreenMicrophone} screen */
  async #askForAnswers(screen) {
    while (this.#screen === screen) {
      const began = performance.now();
      const heard = document.hidden || this.#recording.burst || !this.#page.state().can_answer ? null : screen.newest(ASKED_S);
      if (heard) {
        const prediction = await api.predict(this.#page.id, encodeWav(heard, screen.rateHz)).catch(() => null);
        if (prediction && this.#screen === screen) {
          this.#page.predicted(prediction);
          this.#checks.noteScreen(prediction);
        }
      }
      const rest = ASK_EVERY_MS - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(60, rest)));
    }
  }
}

/** Why this screen's microphone is not there. @param {unknown} error @returns {import("../elements/stage.js").Words} */
function refusal(error) {
  const refused = error instanceof DOMException && error.name === "NotAllowedError";
  // Translators: the browser was not allowed to use its microphone.
  const denied = _("The browser may not use the microphone");
  // Translators: what to do when the browser may not use its microphone.
  const allow = _("Allow the microphone for this page in the browser's settings, then press Try again.");
  // Translators: this tablet or computer has no microphone that works.
  const none = _("This screen has no microphone");
  // Translators: what to do when the tablet has no microphone.
  const other = _("Use the kit's microphone or sound files. If another program uses the microphone, close it.");
  // Translators: button that looks for the microphone once more.
  const again = _("Try again");
  return refused ? { title: denied, text: allow, again } : { title: none, text: other, again };
}
