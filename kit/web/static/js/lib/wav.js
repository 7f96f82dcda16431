// @ts-check
/** Sound as WAV, 16 bits, mono: what this page sends to the kit and what the kit keeps. */

const HEADER = 44;
const FULL_SCALE = 32767;

/** @param {Float32Array} samples -1..1 @param {number} rateHz @returns {Blob} */
export function encodeWav(samples, rateHz) {
  const view = new DataView(new ArrayBuffer(HEADER + samples.length * 2));
  /** @param {number} at @param {string} text */
  const write = (at, text) => [...text].forEach((sign, index) => view.setUint8(at + index, sign.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => {
    const loudest = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER + index * 2, Math.round(loudest * FULL_SCALE), true);
  });
  return new Blob([view.buffer], { type: "audio/wav" });
}

/**
 * Reads what the kit keeps: 16 bits, mono.
 * @param {ArrayBuffer} bytes @returns {{ samples: Float32Array, rateHz: number }}
 */
export function decodeWav(bytes) {
  const view = new DataView(bytes);
  let rateHz = 16_000;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = String.fromCharCode(...new Uint8Array(bytes, at, 4));
    const length = view.getUint32(at + 4, true);
    if (name === "fmt ") rateHz = view.getUint32(at + 12, true);
    if (name === "data") {
      const count = Math.floor(Math.min(length, view.byteLength - at - 8) / 2);
      const samples = Float32Array.from({ length: count }, (_none, index) => view.getInt16(at + 8 + index * 2, true) / FULL_SCALE);
      return { samples, rateHz };
    }
    at += 8 + length + (length % 2);
  }
  throw new Error("no sound in the WAV");
}
