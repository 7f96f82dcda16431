// @ts-check
/**
 * This screen's own microphone, where the page is secure: what was heard of late, and how it looks.
 * Nothing is sent from here, and nothing is kept beyond the last seconds.
 */

/** @typedef {import("./types.js").Heard} Heard */

/** The longest recording, and a little more. */
const KEPT_S = 12;
const BANDS = 32;
const [LOWEST_HZ, HIGHEST_HZ] = [60, 7600];
/** From this to that level a column goes from dark to bright. */
const [DARK_DB, BRIGHT_DB] = [-95, -25];
const FULL_SCALE = 0.999;
const SPECTRUM = 1024;

export const canUseScreenMicrophone = () => window.isSecureContext && !!navigator.mediaDevices?.getUserMedia && "AudioWorkletNode" in window;

/** @param {number} share of full scale */
const decibels = (share) => 20 * Math.log10(Math.max(share, 1e-5));

export class ScreenMicrophone {
  #context;
  #stream;
  #listener;
  #recent;
  /** How many samples were heard in all. */
  #heard = 0;
  #analyser;
  #bands;
  #levels = new Float32Array(SPECTRUM / 2);

  /**
   * @param {AudioContext} context @param {MediaStream} stream
   * @param {(heard: Heard) => void} listener called some fifty times a second
   */
  constructor(context, stream, listener) {
    this.#context = context;
    this.#stream = stream;
    this.#listener = listener;
    this.#recent = new Float32Array(Math.ceil(KEPT_S * context.sampleRate));
    this.#bands = bandsOf(context.sampleRate);
    const source = context.createMediaStreamSource(stream);
    this.#analyser = new AnalyserNode(context, { fftSize: SPECTRUM, smoothingTimeConstant: 0 });
    const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    recorder.port.addEventListener("message", ({ data }) => this.#take(data));
    recorder.port.start();
    source.connect(this.#analyser);
    source.connect(recorder);
  }

  /** @param {(heard: Heard) => void} listener @returns {Promise<ScreenMicrophone>} throws what getUserMedia throws */
  static async open(listener) {
    // As it is: what makes a voice clear on the telephone takes a clap away.
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio, video: false });
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(new URL("./recorder-worklet.js", import.meta.url).pathname);
      wake(context);
      return new ScreenMicrophone(context, stream, listener);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
      throw error;
    }
  }

  get rateHz() {
    return this.#context.sampleRate;
  }

  /** Called once if the microphone is pulled out. @param {() => void} deed */
  whenGone(deed) {
    for (const track of this.#stream.getTracks()) track.addEventListener("ended", deed, { once: true });
  }

  /** The last so many seconds. @param {number} seconds @returns {Float32Array | null} null: not heard for that long yet */
  newest(seconds) {
    const wanted = Math.round(seconds * this.rateHz);
    return this.#heard < wanted ? null : this.#between(this.#heard - wanted, this.#heard);
  }

  /**
   * Records from now on.
   * @param {number} seconds @param {AbortSignal} signal ends it early; what was heard is returned
   * @returns {Promise<Float32Array>}
   */
  async record(seconds, signal) {
    const from = this.#heard;
    const until = from + Math.round(seconds * this.rateHz);
    while (this.#heard < until && !signal.aborted && this.#context.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.#between(from, Math.min(until, this.#heard));
  }

  close() {
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }

  /** @param {number} from @param {number} until */
  #between(from, until) {
    const length = this.#recent.length;
    return Float32Array.from({ length: until - from }, (_none, index) => this.#recent[(from + index) % length] ?? 0);
  }

  /** @param {Float32Array} block */
  #take(block) {
    let [peak, squares] = [0, 0];
    for (const sample of block) {
      this.#recent[this.#heard % this.#recent.length] = sample;
      this.#heard += 1;
      peak = Math.max(peak, Math.abs(sample));
      squares += sample * sample;
    }
    this.#listener({
      sequence: this.#heard,
      level_db: decibels(Math.sqrt(squares / block.length)),
      peak_db: decibels(peak),
      clipping: peak >= FULL_SCALE,
      columns: [this.#column()],
    });
  }

  /** One column of the drawing: how loud each band of pitch is, 0..255, the lowest first. */
  #column() {
    this.#analyser.getFloatFrequencyData(this.#levels);
    return this.#bands.map(([from, until]) => {
      const loudest = Math.max(...this.#levels.subarray(from, until));
      const share = (loudest - DARK_DB) / (BRIGHT_DB - DARK_DB);
      return Math.round(255 * Math.min(1, Math.max(0, share)));
    });
  }
}

/** Some browsers let nothing sound, and so nothing be heard, before the first press on the page. @param {AudioContext} context */
function wake(context) {
  const resume = () => {
    if (context.state === "suspended") void context.resume();
    if (context.state !== "suspended") for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, resume);
  };
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, resume);
  resume();
}

/** Bands of equal width to the ear: first and last line of the spectrum. @param {number} rateHz */
function bandsOf(rateHz) {
  const toMel = (/** @type {number} */ hz) => 2595 * Math.log10(1 + hz / 700);
  const toHz = (/** @type {number} */ mel) => 700 * (10 ** (mel / 2595) - 1);
  const [low, high] = [toMel(LOWEST_HZ), toMel(Math.min(HIGHEST_HZ, rateHz / 2))];
  const line = (/** @type {number} */ band) => (toHz(low + ((high - low) * band) / BANDS) * SPECTRUM) / rateHz;
  return Array.from({ length: BANDS }, (_none, band) => {
    const from = Math.floor(line(band));
    return [from, Math.max(from + 1, Math.floor(line(band + 1)))];
  });
}
