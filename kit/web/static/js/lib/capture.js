// @ts-check
/**
 * The tablet's own pictures: its camera where the page is secure, else a short film cut into
 * pictures here. At most 640 px on the long side, JPEG; sound never leaves the film.
 */
import { _ } from "./i18n.js";

const LONGEST_SIDE = 640;
const PER_SECOND = 8;
const FILM_S = 3;
/** A burst ends by itself here, as the kit's own does. */
export const MOST_PICTURES = 40;
const BATCH_MS = 250;

/** Whether the browser lends its camera to this page: only on a secure one. */
export const canUseTabletCamera = () => window.isSecureContext && !!navigator.mediaDevices?.getUserMedia;

/** @returns {Promise<MediaStream>} */
export function openTabletCamera() {
  const video = { facingMode: "environment", width: { ideal: 640 }, height: { ideal: 480 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/**
 * What the video shows now, as a JPEG.
 * @param {HTMLVideoElement} video @returns {Promise<Blob>}
 */
export function snapshot(video) {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no JPEG"))), "image/jpeg", 0.85);
  });
}

/** @returns {string} a name for one burst, told apart from every other */
export function newBurst() {
  const bytes = crypto.getRandomValues(new Uint8Array(9)); // randomUUID needs a secure page
  return `page-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Takes pictures until told to stop, handing them over in batches.
 * @param {() => Promise<Blob>} take what is seen now
 * @param {(pictures: Blob[]) => Promise<void>} deliver called one batch at a time
 * @param {AbortSignal} signal
 * @param {{ most?: number, perSecond?: number }} [limits] where it ends by itself, and its pace
 * @returns {Promise<number>} how many pictures were delivered
 */
export async function takeBurst(take, deliver, signal, { most = MOST_PICTURES, perSecond = PER_SECOND } = {}) {
  let taken = 0;
  let failure = /** @type {unknown} */ (null);
  /** @type {Blob[]} */
  let batch = [];
  let batchSince = performance.now();
  let delivering = Promise.resolve();
  const flush = () => {
    const pictures = batch;
    batch = [];
    batchSince = performance.now();
    delivering = delivering.then(() => deliver(pictures)).catch((error) => {
      failure ??= error;
    });
  };
  while (!signal.aborted && taken < most && !failure) {
    batch.push(await take());
    taken += 1;
    if (performance.now() - batchSince >= BATCH_MS - 1000 / perSecond) flush();
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  if (batch.length) flush();
  await delivering;
  if (failure) throw failure;
  return taken;
}

/**
 * Cuts the first three seconds of a film into pictures.
 * @param {File} file @param {(done: number) => void} progress 0..1
 * @returns {Promise<Blob[]>}
 */
export async function cutFilm(file, progress) {
  const address = URL.createObjectURL(file);
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  try {
    video.src = address;
    await happens(video, "loadeddata");
    const length = Math.min(FILM_S, await lengthOf(video));
    const wanted = Math.max(1, Math.round(length * PER_SECOND));
    const pictures = [];
    for (let index = 0; index < wanted; index += 1) {
      const seeking = happens(video, "seeked");
      video.currentTime = ((index + 0.5) / wanted) * length;
      await seeking;
      pictures.push(await snapshot(video));
      progress((index + 1) / wanted);
    }
    return pictures;
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(address);
  }
}

/**
 * A film recorded in a browser has no length until its end was seen.
 * @param {HTMLVideoElement} video
 */
async function lengthOf(video) {
  if (Number.isFinite(video.duration)) return video.duration;
  const seeking = happens(video, "seeked");
  video.currentTime = 1e7;
  await seeking;
  return Number.isFinite(video.duration) ? video.duration : video.currentTime;
}

/** @param {HTMLVideoElement} video @param {"loadeddata" | "seeked"} event */
function happens(video, event) {
  return new Promise((resolve, reject) => {
    const broken = () => {
      // Translators: shown when the film just chosen cannot be played by the browser.
      reject(new Error(_("This browser cannot read this film. Take photos instead.")));
    };
    video.addEventListener(event, resolve, { once: true });
    video.addEventListener("error", broken, { once: true });
    setTimeout(broken, 15_000);
  });
}
