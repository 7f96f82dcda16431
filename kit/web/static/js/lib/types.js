// @ts-check
/**
 * The JSON the server speaks, for the type checker. Nothing runs here.
 *
 * @typedef {{ id: string, message: string, values?: Record<string, string | number> }} Said
 *
 * @typedef {{ id: string, url: string }} Thumb
 * @typedef {{ id: string, name: string, style: number, is_nothing: boolean, samples: number,
 *   bursts: number, thumbs: Thumb[] }} Label
 *
 * @typedef {{ project_id: string, space_id: string, number: number, head: string, backbone: string,
 *   backbone_hash: string, animal?: string | null }} ModelRef
 * @typedef {{ ref: ModelRef, stale: boolean, trained_on: number, training_ms: number,
 *   loss_curve: number[], threshold: number, exportable: boolean, trained_labels: string[] }} Model
 *
 * @typedef {{ id: string, verb: string, state: string, progress: number,
 *   result: Record<string, any> | null, error: Said | null, project_id: string | null }} Job
 *
 * @typedef {{ value: number, low: number, high: number, n: number }} Accuracy
 * @typedef {{ name: string, precision: number | null, recall: number | null, n: number, right: number }} PerLabel
 * @typedef {{ method: "shown_after" | "left_out_in_turn", model_number: number, right: number, n: number,
 *   low: number, high: number, accuracy?: Accuracy, not_sure?: number, unchecked_labels?: string[],
 *   bursts?: number, labels?: string[], label_ids?: string[], confusion?: number[][],
 *   per_label?: PerLabel[] }} Check
 *
 * @typedef {{ id: string, message: string, label_id?: string | null, values?: Record<string, any> }} Advice
 * @typedef {{ id: string, name: string, kind: string, space_id: string, animal?: string | null,
 *   threshold: number | null, activity: string | null, is_example: boolean, labels?: number,
 *   samples?: number, thumb_url?: string | null, hearing?: "words" | "sounds" | null, hands?: 1 | 2 | null,
 *   blur_faces?: string | null }} Project
 * @typedef {{ id: string, label_id: string, samples: number, without_hand?: number }} Burst
 * @typedef {{ seq: number, project: Project, labels: Label[], burst: Burst | null, can_answer: boolean,
 *   model: Model | null, check: Check | null, advice: Advice[], job: Job | null }} ProjectState
 *
 * @typedef {{ label: string, label_id: string, known: boolean, confidence: number,
 *   confidences: Record<string, number>, stages_ms: Record<string, number>, latency_ms: number,
 *   threshold: number, sequence: number, model: ModelRef, heard?: boolean,
 *   last_heard?: { label: string, label_id: string, sequence: number } | null,
 *   hands?: { side: string, points: number[][] }[] }} Prediction
 *
 * @typedef {{ id: string, label_id: string, burst_id: string, sequence: number, width: number,
 *   height: number, source: string, picture_url: string, confidence?: number, sound_url?: string | null,
 *   media?: "picture" | "sound" | "hands", bytes?: number, sent_bytes?: number | null, trimmed?: boolean }} Sample
 *
 * @typedef {{ name: string, mirror: boolean, rotate: number, lock: boolean, width: number,
 *   height: number }} CameraSettings
 * @typedef {{ state: "off" | "starting" | "live" | "lost", name: string, available: string[],
 *   cannot: string[], settings: CameraSettings, message: string | null, frames_per_s: number }} Camera
 *
 * @typedef {{ state: "off" | "starting" | "live" | "lost", name: string, available: string[], cannot: string[],
 *   message: string | null, taken_by: { animal: string | null } | null, rate_hz: number,
 *   settings?: { name: string } }} Microphone
 * @typedef {{ sequence: number, level_db: number, peak_db: number, clipping: boolean, columns: number[][] }} Heard
 *
 * @typedef {{ prediction: Prediction, heat: { rows: number, columns: number, values: number[][] } | null,
 *   similar: Sample[], square: { left: number, top: number, width: number, height: number } }} Explanation
 *
 * @typedef {{ object: string, burst: string, label: string, pictures: { url: string }[] }} BasketShowing
 * @typedef {{ title: string, do: string, watch?: string | null, question?: string | null }} ActivityStep
 * @typedef {{ name: string, title: string, promise?: string, minutes?: number | null, ages?: any,
 *   refused?: string | null, steps?: ActivityStep[],
 *   basket?: BasketShowing[] }} Activity
 *
 * @typedef {{ name: string, label: string, label_words: string, rate_hz: number,
 *   resolution_mw: number | null, gain_error: number | null, blind_spots: string[],
 *   details: Record<string, any> }} Meter
 * @typedef {{ chosen: Meter | null, refusal: Said | null, measures: boolean,
 *   found: { name: string, meter: Meter | null, refusal: Said | null }[] }} Meters
 * @typedef {{ value: number, low: number, high: number }} Figure
 * @typedef {{ ms: number | null, mj: number | null, accuracy: number | null }} Guess
 * @typedef {{ id: number, subject: string, unit: string, input_size: number | null,
 *   cut: string | null, threads: number, board: string | null,
 *   live: { answers_per_s: number, camera: boolean } | null, sampler: (Figure & { pairs: number }) | null,
 *   head: string | null, plan: string, meter: string | null, label: string, label_words: string,
 *   pairs: number, latency: { median_ms: number, low_ms: number, high_ms: number, n: number } | null,
 *   energy: { gross_mj: Figure, marginal_mj: Figure, idle_mw: number | null,
 *     active_mw: number | null } | null, bet: Guess | null,
 *   rejected: { pair: number, message: string }[], newest: boolean, on_front: boolean,
 *   accuracy: (Figure & { right: number, n: number, bursts: number }) | null }} Experiment
 * @typedef {{ subjects: string[], results: Experiment[], bets: (Guess & { subject: string })[],
 *   front_by: "energy" | "time" | null, not_ranked: string | null, job: Job | null,
 *   may_start: boolean }} Lab
 * @typedef {{ meter: string, label: string, lost: boolean, phase: "idle" | "active" | null,
 *   pair: number | null, at_s: number[], power_mw: number[], marks: [number, string][],
 *   pairs: { pair: number, idle_mw: number | null, active_mw: number | null }[] }} Power
 *
 * @typedef {{ mode: "local" | "class", actor: { role: string, space_id: string | null } | null,
 *   animal: string | null, teacher: boolean, class_ends_at: string | null, version: string,
 *   language: string }} Session
 */
export {};
