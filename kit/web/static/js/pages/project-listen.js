// @ts-check
/** The sense of projects of sounds: a microphone, its turns, and the recording of clips. */
import "../elements/false-alarms.js";
import "../elements/heard.js";
import "../elements/hearings.js";
import "../elements/sound-stage.js";
import { animal } from "../lib/animals.js";
import { api } from "../lib/api.js";
import { newBurst } from "../lib/capture.js";
import { QUIET_DB } from "../elements/level.js";
import { attempt, problem, session, toasts } from "../lib/frame.js";
import { html, render } from "../lib/html.js";
import { _ } from "../lib/i18n.js";
import { canUseScreenMicrophone, ScreenMicrophone } from "../lib/microphone.js";
import { cutIntoSeconds, readableSound } from "../lib/sounds.js";
import { encodeWav } from "../lib/wav.js";
import { openMicrophone } from "./project-dialogs.js";
import { sendFiles } from "./project-files.js";

/** @typedef {import("../lib/types.js").Burst} Burst */
/** @typedef {import("../lib/types.js").Microphone} Microphone */
/** @typedef {import("../lib/types.js").Heard} Heard */
/** @typedef {import("../elements/sources.js").Source} Source */
/** @typedef {import("./project-sense.js").Sense} Sense */

const REMEMBERED = "mallette-sound-source";
const COUNT_MS = 700;
/** Of a word or a clap the kit keeps the loudest second of these; the background is cut into seconds. */
const CLIP_S = 2;
const BACKGROUND_S = 10;
/** Between two questions with this screen's microphone: thirty tablets share one kit. */
const ASK_EVERY_MS = 300;
/** One answer asks about this much. */
const HEARD_S = 1;
/** With this screen's microphone: a word counts as heard once, however long it is. */
const REFRACTORY_MS = 1000;

/** @implements {Sense} */
export class Listening {
  #page;
  /** @type {Source} */
  #source;
  /** @type {Microphone | null} */
  #microphone = null;
  /** @type {ScreenMicrophone | null} */
  #screen = null;
  /** The recording of this page: from the first count to the last sample. @type {{ burst: Burst, stopping: AbortController } | null} */
  #mine = null;
  /** The label recorded last. */
  #last = "";
  /** The loudest moment since the recording began, and whether it was too loud. */
  #peak = { db: -Infinity, clipped: false };
  #heardAt = 0;
  #saidBefore = "";

  /** @param {import("./project-sense.js").Page} page */
  constructor(page) {
    this.#page = page;
    const before = localStorage.getItem(REMEMBERED);
    this.#source = before === "tablet" || before === "files" ? before : "kit";
    this.stage = /** @type {import("../elements/sound-stage.js").KitSoundStage} */ (document.createElement("kit-sound-stage"));
    this.stage.secure = canUseScreenMicrophone();
    this.stage.source = this.#source;
    this.checks = document.createElement("div");
    this.checks.className = "sense-checks";
    render(this.checks, html`<kit-heard></kit-heard><kit-false-alarms></kit-false-alarms><kit-hearings></kit-hearings>`);
    [this.#heard, this.#alarms, this.#hearings] = /** @type {any} */ ([...this.checks.children]);
    this.#alarms.addEventListener("false-alarms", (event) => void this.#countAlarms(/** @type {CustomEvent} */ (event).detail));
    this.#hearings.addEventListener("hearings-compare", () => void this.#compare());
    this.#hearings.addEventListener("hearing-chosen", (event) => {
      const { hearing } = /** @type {CustomEvent} */ (event).detail;
      void page.change(() => api.changeProject(page.id, { hearing }));
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#closeScreen();
      else if (this.#source === "tablet") void this.#openScreen();
    });
    document.addEventListener("keydown", (event) => this.#pressedSpace(event));
  }

  /** @type {import("../elements/heard.js").KitHeard} */
  #heard;
  /** @type {import("../elements/false-alarms.js").KitFalseAlarms} */
  #alarms;
  /** @type {import("../elements/hearings.js").KitHearings} */
  #hearings;

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
    if (this.#microphone?.state === "live") return "ready";
    return !this.#microphone || this.#microphone.state === "starting" ? "starting" : "none";
  }

  /** @param {Burst | null} server */
  running(server) {
    return this.#mine?.burst ?? (this.live ? server : null);
  }

  // --- the device ------------------------------------------------------------------------

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
    this.#drawTurn();
  }

  again() {
    if (this.#source === "tablet") void this.#openScreen();
    else void attempt(async () => this.#show(await api.setMicrophone({ name: (this.#microphone ?? (await api.microphone())).settings?.name ?? "auto" })));
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
    if (kind === "sound" && this.live) this.#hear(data);
    if (kind === "prediction" && this.isAsked && data.heard) this.#heard.add(data, this.#page.state().labels);
  }

  /** @param {Microphone} now */
  #show(now) {
    this.#microphone = now;
    this.stage.microphone = now;
    if (now.state !== "live" && this.live) {
      this.stage.quiet();
      this.#page.predicted(null);
    }
    this.#drawTurn();
    this.#page.drawWaiting();
  }

  /** @param {Heard} heard */
  #hear(heard) {
    this.stage.hear(heard);
    if (!this.#mine) return;
    this.#peak.db = Math.max(this.#peak.db, heard.peak_db);
    this.#peak.clipped ||= heard.clipping;
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
    else if (this.#mine) this.stage.turn = { kind: "mine", words: mine };
    else if (!taken) this.stage.turn = { kind: "free", words: free };
    else this.stage.turn = { kind: "theirs", words: group && taken.animal !== session.animal ? theirs : elsewhere };
  }

  async #openScreen() {
    if (!canUseScreenMicrophone() || this.#screen) return;
    this.stage.screen = { lent: false, words: null };
    try {
      const screen = await ScreenMicrophone.open((heard) => this.#hear(heard));
      if (this.#source !== "tablet" || this.#screen) return screen.close(); // lent too late
      this.#screen = screen;
      screen.whenGone(() => this.#lostScreen(screen));
      this.stage.screen = { lent: true, words: null };
      void this.#askForAnswers(screen);
    } catch (error) {
      this.stage.screen = { lent: false, words: refusal(error) };
    }
    this.#page.drawWaiting();
  }

  /** @param {ScreenMicrophone} screen */
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
      const heard = document.hidden || this.#mine || !this.#page.state().can_answer ? null : screen.newest(HEARD_S);
      if (heard) {
        const prediction = await api.predict(this.#page.id, encodeWav(heard, screen.rateHz)).catch(() => null);
        if (prediction && this.#screen === screen) {
          this.#page.predicted(prediction);
          this.#noteHeard(prediction);
        }
      }
      const rest = ASK_EVERY_MS - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(60, rest)));
    }
  }

  /** A word is heard when two answers in a row agree. @param {import("../lib/types.js").Prediction} prediction */
  #noteHeard(prediction) {
    const said = prediction.known ? prediction.label : "";
    const twice = said !== "" && said === this.#saidBefore;
    this.#saidBefore = said;
    const { labels } = this.#page.state();
    if (!twice || labels.some((label) => label.name === said && label.is_nothing)) return;
    const now = performance.now();
    if (now - this.#heardAt < REFRACTORY_MS) return;
    this.#heardAt = now;
    this.#heard.add(prediction, labels);
  }

  // --- recording -------------------------------------------------------------------------

  /** @param {string} label_id */
  async take(label_id) {
    if (this.#mine) return this.stop();
    const label = this.#page.state().labels.find((one) => one.id === label_id);
    if (!label) return;
    const mine = { burst: { id: "", label_id, samples: 0 }, stopping: new AbortController() };
    this.#mine = mine;
    this.#last = label_id;
    this.stage.advice = "";
    this.#drawTurn();
    const seconds = label.is_nothing ? BACKGROUND_S : CLIP_S;
    try {
      await this.#countDown(mine.stopping.signal);
      if (!mine.stopping.signal.aborted) await this.#record(label_id, seconds, label.is_nothing, mine.stopping.signal);
    } catch (error) {
      problem(error);
    } finally {
      this.stage.progress = null;
      this.#mine = null;
      this.#drawTurn();
      this.#page.burstEnded();
      this.stateChanged();
    }
  }

  stop() {
    this.#mine?.stopping.abort();
    if (!this.#mine && this.live && this.#page.state().burst) return attempt(() => api.stopBurst(this.#page.id));
    return undefined;
  }

  /** @param {AbortSignal} signal */
  async #countDown(signal) {
    for (let count = 3; count > 0 && !signal.aborted; count -= 1) {
      this.stage.count = count;
      this.#page.drawLabels();
      await wait(COUNT_MS, signal);
    }
    this.stage.count = null;
    this.#page.drawLabels();
  }

  /** @param {string} label @param {number} seconds @param {boolean} background @param {AbortSignal} signal */
  async #record(label, seconds, background, signal) {
    const { id } = this.#page;
    this.#peak = { db: -Infinity, clipped: false };
    const showing = this.#showProgress(seconds);
    try {
      if (this.live) {
        await api.startBurst(id, label, seconds);
        await wait(seconds * 1000, signal);
        // The kit ends by itself; asked to end, it answers once everything is kept.
        await api.stopBurst(id);
      } else if (this.#screen) {
        const { rateHz } = this.#screen;
        const samples = await this.#screen.record(seconds, signal);
        if (signal.aborted && samples.length < rateHz / 2) return; // stopped before anything was said
        const clips = background ? cutIntoSeconds(samples, rateHz) : [encodeWav(samples, rateHz)];
        const answer = await api.addSamples(id, label, clips, "browser microphone", newBurst());
        if (answer.refused[0]) toasts.show({ text: answer.refused[0].error.message, problem: true });
        await this.#page.change(async () => {});
      }
    } finally {
      clearInterval(showing);
    }
    if (!background) this.#advise();
  }

  /** @param {number} seconds */
  #showProgress(seconds) {
    const began = performance.now();
    this.stage.progress = 0;
    return setInterval(() => (this.stage.progress = Math.min(1, (performance.now() - began) / 1000 / seconds)), 100);
  }

  #advise() {
    // Translators: after a recording: hardly anything was heard in it.
    const quiet = _("That was very quiet. Come closer, or speak up.");
    // Translators: after a recording: it was cut off at the top, so it sounds broken.
    const loud = _("That was too loud: it is cut off. Move back a little.");
    if (this.#peak.clipped) this.stage.advice = loud;
    else if (this.#peak.db > -Infinity && this.#peak.db < QUIET_DB) this.stage.advice = quiet;
  }

  /** A press on the space bar records, where nothing else has the focus. @param {KeyboardEvent} event */
  #pressedSpace(event) {
    if (event.key !== " " || event.repeat || event.target !== document.body || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.stage.press();
  }

  /** What the big button records next, and what the comparison is about. */
  stateChanged() {
    const { labels, project } = this.#page.state();
    const fewest = [...labels].sort((one, other) => one.samples - other.samples)[0];
    const empty = labels.find((label) => label.is_nothing && !label.samples);
    this.stage.target = empty ?? labels.find((label) => label.id === this.#last) ?? fewest ?? null;
    this.#hearings.hearing = project.hearing ?? "words";
    this.#hearings.hidden = labels.length < 2;
    this.#alarms.hidden = !this.#page.state().model;
    this.#heard.hidden = !this.#page.state().can_answer;
  }

  // --- files -----------------------------------------------------------------------------

  /** @param {File} file */
  readable(file) {
    return readableSound(file);
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

  /** @param {string} label @param {File} file */
  takeFilm(label, file) {
    return this.takeFiles(label, [file]);
  }

  // --- Check -----------------------------------------------------------------------------

  /** @param {{ file?: File, seconds?: number }} background */
  async #countAlarms({ file, seconds }) {
    this.#alarms.progress = 0;
    try {
      const sent = file ? await readableSound(file) : (seconds ?? 60);
      const { job } = await api.falseAlarms(this.#page.id, sent);
      const { result } = await api.ended(job, (done) => (this.#alarms.progress = done));
      this.#alarms.result = /** @type {any} */ (result);
    } catch (error) {
      this.#alarms.progress = null;
      problem(error);
    }
  }

  async #compare() {
    this.#hearings.progress = 0;
    try {
      const { job } = await api.compareHearing(this.#page.id);
      const { result } = await api.ended(job, (done) => (this.#hearings.progress = done));
      this.#hearings.result = /** @type {any} */ (result);
    } catch (error) {
      this.#hearings.progress = null;
      problem(error);
    }
  }
}

/** @param {number} ms @param {AbortSignal} signal */
function wait(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    return undefined;
  });
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
