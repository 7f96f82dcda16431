// @ts-check
/**
 * A project's news, for as long as the page is looked at.
 *
 * The stream is let go while the page sleeps (a tablet in a bag must not hold a camera on) and
 * taken up again when it wakes; the server's first event is a whole snapshot, so nothing missed
 * matters. A stream that breaks is tried again after 1, 2, 4 then every 8 seconds.
 */

import { showBooking } from "../elements/booking.js";

const LONGEST_WAIT_S = 8;
/** The server says something every ten seconds; after this long a silent Wi-Fi is a dead one. */
const SILENCE_MS = 25_000;

/**
 * @typedef {"connecting" | "live" | "lost" | "asleep"} Line
 * @typedef {{ line: (line: Line, retryInS: number) => void, news: (kind: string, data: any) => void }} Listener
 */

const KINDS = ["state", "prediction", "job", "camera", "hands", "microphone", "sound", "booking", "power", "outputs", "trouble", "notice", "ping"];

export class ProjectEvents {
  #address;
  #listener;
  /** @type {EventSource | null} */
  #source = null;
  #failures = 0;
  #retry = 0;
  #silence = 0;
  #seen = -1;
  #live = false;
  #power;

  /** @param {string} projectId @param {Listener} listener @param {{ power?: boolean }} [wanted] also the meter's line */
  constructor(projectId, listener, { power = false } = {}) {
    this.#power = power;
    this.#address = `/api/projects/${encodeURIComponent(projectId)}/events`;
    this.#listener = listener;
    showBooking();
    document.addEventListener("visibilitychange", () => this.#wakeOrSleep());
    window.addEventListener("pageshow", (event) => event.persisted && this.#wakeOrSleep());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("online", () => this.tryNow());
  }

  /** Whether answers about the kit's camera are wanted; reconnects when that changes. */
  set live(/** @type {boolean} */ wanted) {
    if (wanted === this.#live && this.#source) return;
    this.#live = wanted;
    if (!document.hidden) this.#open();
  }

  /** Do not wait for the next try. */
  tryNow() {
    if (!document.hidden && this.#source?.readyState !== EventSource.OPEN) this.#open();
  }

  #wakeOrSleep() {
    if (document.hidden) {
      this.#close();
      this.#listener.line("asleep", 0);
    } else {
      this.#failures = 0;
      this.#open();
    }
  }

  #open() {
    this.#close();
    this.#listener.line("connecting", 0);
    const source = new EventSource(`${this.#address}?live=${this.#live ? 1 : 0}&power=${this.#power ? 1 : 0}`);
    this.#source = source;
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.#hear(kind, /** @type {MessageEvent} */ (event)));
    }
    source.addEventListener("error", () => this.#lose());
  }

  /** @param {string} kind @param {MessageEvent} event */
  #hear(kind, event) {
    if (this.#failures >= 0) {
      this.#failures = -1; // until it breaks again
      // Whether the kit is booked is said anew on each connection; silence means that it is not.
      document.dispatchEvent(new CustomEvent("kit-booking", { detail: { measuring: kind === "booking" } }));
      this.#listener.line("live", 0);
    }
    if (kind === "ping") {
      window.clearTimeout(this.#silence);
      this.#silence = window.setTimeout(() => this.#lose(), SILENCE_MS);
      return;
    }
    const seq = Number(event.lastEventId);
    // Order is by sequence number, never by clock; a snapshot always stands.
    if (kind === "state" && event.lastEventId) {
      if (seq < this.#seen) return;
      this.#seen = seq;
    }
    const data = JSON.parse(event.data);
    if (kind === "booking" || kind === "trouble") document.dispatchEvent(new CustomEvent(`kit-${kind}`, { detail: data }));
    this.#listener.news(kind, data);
  }

  #lose() {
    this.#close();
    if (document.hidden) return;
    this.#failures = Math.max(0, this.#failures) + 1;
    this.#seen = -1; // a restarted kit may count anew
    const waitS = Math.min(LONGEST_WAIT_S, 2 ** (this.#failures - 1));
    this.#listener.line("lost", waitS);
    this.#retry = window.setTimeout(() => this.#open(), waitS * 1000);
  }

  #close() {
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
    if (this.#failures < 0) this.#failures = 0;
  }
}
