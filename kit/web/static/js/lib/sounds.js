// @ts-check
/** Sound files on their way to the kit: what only the browser can decode is decoded here, to WAV. */
import { _ } from "./i18n.js";
import { encodeWav } from "./wav.js";

const RATE_HZ = 16_000;
/** What the kit reads itself, by how the file begins. */
const READ_THERE = ["RIFF", "fLaC", "OggS"];

/**
 * @param {File} file
 * @returns {Promise<File>} the file itself, or a WAV of what it holds; throws words for the reader
 */
export async function readableSound(file) {
  const begins = String.fromCharCode(...new Uint8Array(await file.slice(0, 4).arrayBuffer()));
  if (READ_THERE.includes(begins)) return file;
  const samples = await decoded(file);
  return new File([encodeWav(samples, RATE_HZ)], `${file.name}.wav`, { type: "audio/wav" });
}

/** @param {File | Blob} file @returns {Promise<Float32Array>} mono, 16 kHz */
async function decoded(file) {
  const context = new OfflineAudioContext(1, 1, RATE_HZ);
  /** @type {AudioBuffer} */
  let sound;
  try {
    sound = await context.decodeAudioData(await file.arrayBuffer());
  } catch {
    // Translators: a sound file that neither the kit nor the browser can read.
    throw new Error(_("Neither this browser nor the kit can read this file. WAV, FLAC and OGG always work."));
  }
  const mono = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    sound.getChannelData(channel).forEach((sample, index) => {
      mono[index] = (mono[index] ?? 0) + sample / sound.numberOfChannels;
    });
  }
  return mono;
}

/**
 * Whole seconds; what is left over is dropped.
 * @param {Float32Array} samples @param {number} rateHz @returns {Blob[]} WAV files of one second
 */
export function cutIntoSeconds(samples, rateHz) {
  const seconds = Math.floor(samples.length / rateHz);
  return Array.from({ length: seconds }, (_none, index) => encodeWav(samples.subarray(index * rateHz, (index + 1) * rateHz), rateHz));
}
