// @ts-check
/** Hands the microphone's samples over to the page. Runs on the browser's own sound thread. */

// The scope of an audio worklet has these; the page's types do not know it.
const scope = /** @type {any} */ (globalThis);
const BLOCK = 1024;

class Recorder extends scope.AudioWorkletProcessor {
  #block = new Float32Array(BLOCK);
  #filled = 0;

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    for (const sample of inputs[0]?.[0] ?? []) {
      this.#block[this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled === BLOCK) {
        this["port"].postMessage(this.#block);
        this.#filled = 0;
      }
    }
    return true;
  }
}

scope.registerProcessor("recorder", Recorder);
