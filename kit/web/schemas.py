"""The shapes that go over the wire, said once: they read, they write, they make the OpenAPI.

Names are those of `kit/core/types.py`. What comes in is checked here for its type only; whether
it makes sense (a label's length, a threshold's range) is the verbs' to say, in the pupil's words.
"""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from kit.core.hands import Side
from kit.core.sound import Hearing
from kit.core.types import (
    BlurFaces,
    DeviceState,
    JobState,
    Kind,
    Media,
    MeterLabel,
)
from kit.experiments import Unit


def _said(text: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": text, **more}}


class Text(fields.Str):
    """A string that can be stored: JSON may smuggle in half a character or a zero byte."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError("not whole characters") from error
        if "\0" in text:
            raise ValidationError("holds a zero character")
        return text


class In(Schema):
    """What comes in: an unknown field is a mistake worth hearing about."""

    class Meta:
        unknown = RAISE


# --- errors ---------------------------------------------------------------------------


class ErrorBody(Schema):
    id = fields.Str(required=True, **_said("Key of the sentence; stable, for programs."))
    message = fields.Str(required=True, **_said("The sentence, in the request's language."))
    values = fields.Dict(required=True, **_said("What the sentence mentions."))


class Error(Schema):
    error = fields.Nested(ErrorBody, required=True)


# --- session, groups, class -----------------------------------------------------------


class ActorOut(Schema):
    role = fields.Str(required=True, validate=validate.OneOf(["group", "teacher", "local"]))
    space_id = fields.Str(required=True, allow_none=True)


class Session(Schema):
    mode = fields.Str(required=True, validate=validate.OneOf(["local", "class"]))
    actor = fields.Nested(ActorOut, required=True, allow_none=True)
    animal = fields.Str(required=True, allow_none=True)
    teacher = fields.Bool(required=True)
    class_ends_at = fields.Str(required=True, allow_none=True, **_said("ISO 8601, or null."))
    version = fields.Str(required=True)
    language = fields.Str(required=True)


class Group(Schema):
    animal = fields.Str(required=True)
    taken = fields.Bool(required=True)


class Groups(Schema):
    groups = fields.List(fields.Nested(Group), required=True)


class ScreensOf(Schema):
    animal = fields.Str(required=True, allow_none=True, **_said("Null: the kit's own space."))
    screens = fields.Int(required=True)


class Screen(Schema):
    groups = fields.List(fields.Nested(ScreensOf), required=True)
    nobody = fields.Int(required=True, **_said("Screens that have not picked a group yet."))
    wifi_on = fields.Bool(required=True)


class PickGroup(In):
    animal = Text(required=True)


class GiveCode(In):
    code = Text(required=True)


class Goes(Schema):
    groups = fields.Int(required=True)
    projects = fields.Int(required=True)
    samples = fields.Int(required=True)
    models = fields.Int(required=True)
    bytes = fields.Int(required=True)


class Class(Schema):
    ends_at = fields.Str(required=True, allow_none=True, **_said("ISO 8601, or null."))
    prolonged = fields.Bool(required=True)
    goes = fields.Nested(Goes, required=True, **_said("What the class's end erases."))


class EndClass(In):
    confirm = fields.Bool(required=True)


class Prolong(In):
    hours = fields.Float(required=True)


# --- camera ---------------------------------------------------------------------------


class CameraSettings(Schema):
    name = fields.Str(required=True)
    width = fields.Int(required=True)
    height = fields.Int(required=True)
    mirror = fields.Bool(required=True)
    rotate = fields.Int(required=True, validate=validate.OneOf([0, 90, 180, 270]))
    lock = fields.Bool(required=True, **_said("Hold exposure and white balance still."))


class SetCamera(In):
    name = Text()
    width = fields.Int(strict=True, validate=validate.Range(160, 1920))
    height = fields.Int(strict=True, validate=validate.Range(120, 1080))
    mirror = fields.Bool()
    rotate = fields.Int(strict=True, validate=validate.OneOf([0, 90, 180, 270]))
    lock = fields.Bool()


class Camera(Schema):
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in DeviceState]))
    name = fields.Str(required=True)
    available = fields.List(fields.Str(), required=True)
    cannot = fields.List(fields.Str(), required=True, **_said("Settings this camera has not."))
    settings = fields.Nested(CameraSettings, required=True)
    message_id = fields.Str(required=True, allow_none=True)
    message = fields.Str(required=True, allow_none=True, **_said("What to do, if anything."))
    frames_per_s = fields.Float(required=True)


# --- microphone -----------------------------------------------------------------------


class MicrophoneSettings(Schema):
    name = fields.Str(required=True)


class SetMicrophone(In):
    name = Text(required=True, validate=validate.Length(max=300))


class TakenBy(Schema):
    animal = fields.Str(
        required=True, allow_none=True, **_said("The group's; null: whoever sits at the kit.")
    )


class Microphone(Schema):
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in DeviceState]))
    name = fields.Str(required=True)
    available = fields.List(fields.Str(), required=True)
    cannot = fields.List(
        fields.Str(), required=True, **_said("`keep-up`: sound was lost in the last ten seconds.")
    )
    settings = fields.Nested(MicrophoneSettings, required=True)
    message_id = fields.Str(required=True, allow_none=True)
    message = fields.Str(required=True, allow_none=True, **_said("What to do, if anything."))
    rate_hz = fields.Int(required=True, **_said("The device's own; 0 while none is live."))
    taken_by = fields.Nested(
        TakenBy, required=True, allow_none=True, **_said("The turn lamp: who records just now.")
    )


# --- projects, labels, samples --------------------------------------------------------


HEARINGS = validate.OneOf([str(hearing) for hearing in Hearing])
BLURS = validate.OneOf([str(blur) for blur in BlurFaces])
_BLUR = "In which pictures faces are covered: uploads (not the kit's own camera's), always, never."


class Project(Schema):
    id = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True)
    activity = fields.Str(required=True, allow_none=True)
    is_example = fields.Bool(required=True)
    threshold = fields.Float(required=True, allow_none=True)
    labels = fields.Int(required=True)
    samples = fields.Int(required=True)
    changed_seq = fields.Int(required=True, **_said("Rises with every change; orders the list."))
    hearing = fields.Str(required=True, allow_none=True, **_said("Of sounds: words or sounds."))
    hands = fields.Int(required=True, allow_none=True, **_said("Of gestures: 1 or 2."))
    blur_faces = fields.Str(required=True, allow_none=True, **_said(_BLUR))
    thumb_url = fields.Str(required=True, allow_none=True)


class Projects(Schema):
    projects = fields.List(fields.Nested(Project), required=True)


class NewProject(In):
    name = Text(required=True)
    kind = Text(load_default="image", validate=validate.OneOf([str(k) for k in Kind]))
    activity = Text(load_default=None, allow_none=True)
    hearing = Text(load_default=None, allow_none=True, validate=HEARINGS)
    hands = fields.Int(load_default=None, allow_none=True, strict=True)
    blur_faces = Text(load_default=None, allow_none=True, validate=BLURS)


class ChangeProject(In):
    name = Text()
    hearing = Text(validate=HEARINGS, **_said("Models of the other hearing stop answering."))
    hands = fields.Int(strict=True)
    blur_faces = Text(validate=BLURS, **_said(_BLUR))
    threshold = fields.Float(allow_none=True, **_said("0 to 1; null: the model's own."))


class Duplicate(In):
    name = Text(load_default=None, allow_none=True)


class NewLabel(In):
    name = Text(required=True)
    is_nothing = fields.Bool(load_default=False, **_said("The label for “none of the others”."))


class ChangeLabel(In):
    name = Text()
    is_nothing = fields.Bool()


class Label(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    style = fields.Int(required=True, **_said("Picks colour and pattern; never changes."))
    is_nothing = fields.Bool(required=True)


class Sample(Schema):
    id = fields.Str(required=True)
    label_id = fields.Str(required=True)
    burst_id = fields.Str(required=True)
    sequence = fields.Int(required=True, **_said("Order of arrival."))
    width = fields.Int(required=True)
    height = fields.Int(required=True)
    source = fields.Str(required=True)
    media = fields.Str(required=True, validate=validate.OneOf([str(media) for media in Media]))
    bytes = fields.Int(required=True, **_said("Kept of it."))
    sent_bytes = fields.Int(
        required=True, allow_none=True, **_said("Of the picture that a gesture was made from.")
    )
    duration_ms = fields.Int(required=True, allow_none=True, **_said("Of a clip."))
    trimmed = fields.Bool(required=True, **_said("The whole clip can still come back."))
    picture_url = fields.Str(required=True)
    sound_url = fields.Str(required=True, allow_none=True)


class SampleQuery(In):
    label_id = Text(load_default=None)
    before = fields.Int(
        load_default=None,
        validate=validate.Range(0, 2**63 - 1),
        **_said("Older than this sequence number."),
    )
    limit = fields.Int(load_default=60, validate=validate.Range(1, 200))


class Samples(Schema):
    samples = fields.List(fields.Nested(Sample), required=True)
    more = fields.Bool(required=True)


class Refused(Schema):
    name = fields.Str(required=True)
    error = fields.Nested(ErrorBody, required=True)


class SaidAdvice(Schema):
    id = fields.Str(required=True)
    message = fields.Str(required=True)


class Added(Schema):
    samples = fields.List(fields.Nested(Sample), required=True)
    refused = fields.List(fields.Nested(Refused), required=True)
    advice = fields.List(
        fields.Nested(SaidAdvice), required=True, **_said("For the next ones: too loud, say.")
    )


class SampleIds(In):
    ids = fields.List(Text(), required=True, validate=validate.Length(1, 1000))


class MoveSamples(SampleIds):
    label_id = Text(required=True)


class StartBurst(In):
    label_id = Text(required=True)
    seconds = fields.Float(load_default=None, **_said("Of sounds: 0.5 to 20; 2 if not said."))


class Burst(Schema):
    burst_id = fields.Str(required=True)


class EndedBurst(Schema):
    burst_id = fields.Str(required=True, allow_none=True, **_said("null: there was none."))
    samples = fields.Int(required=True)
    without_hand = fields.Int(required=True, **_said("Frames with no hand: nothing is kept."))


# --- training, checking, answering ----------------------------------------------------


class Job(Schema):
    id = fields.Str(required=True)
    verb = fields.Str(required=True)
    project_id = fields.Str(required=True, allow_none=True)
    state = fields.Str(required=True, validate=validate.OneOf([str(s) for s in JobState]))
    progress = fields.Float(required=True)
    result = fields.Dict(required=True, allow_none=True)
    error = fields.Nested(ErrorBody, required=True, allow_none=True)


class StartedJob(Schema):
    job = fields.Nested(Job, required=True)


class ModelRef(Schema):
    project_id = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    number = fields.Int(required=True, **_said("0 is the instant model, before Train."))
    head = fields.Str(required=True)
    backbone = fields.Str(required=True)
    backbone_hash = fields.Str(required=True)


class FoundHand(Schema):
    side = fields.Str(required=True, validate=validate.OneOf([str(side) for side in Side]))
    points = fields.List(
        fields.List(fields.Float()), required=True, **_said("21, in fractions of the picture.")
    )


class Prediction(Schema):
    label = fields.Str(required=True, **_said("Always the top-1."))
    label_id = fields.Str(required=True, allow_none=True)
    known = fields.Bool(required=True, **_said("False below the threshold."))
    confidence = fields.Float(required=True)
    confidences = fields.Dict(fields.Str(), fields.Float(), required=True)
    stages_ms = fields.Dict(fields.Str(), fields.Float(), required=True)
    latency_ms = fields.Float(required=True)
    threshold = fields.Float(required=True)
    sequence = fields.Int(required=True)
    model = fields.Nested(ModelRef, required=True)
    hands = fields.List(fields.Nested(FoundHand), **_said("In a picture of hands that was sent."))


class Heat(Schema):
    rows = fields.Int(required=True)
    columns = fields.Int(required=True)
    values = fields.List(fields.List(fields.Float()), required=True, **_said("0 to 1."))


class SimilarSample(Sample):
    similarity = fields.Float(required=True, **_said("Cosine of the two embeddings."))


class Square(Schema):
    left = fields.Float(required=True, **_said("Fractions of the picture's width and height."))
    top = fields.Float(required=True)
    width = fields.Float(required=True)
    height = fields.Float(required=True)


class Explanation(Schema):
    prediction = fields.Nested(Prediction, required=True)
    heat = fields.Nested(Heat, required=True, allow_none=True, **_said("null: has no map."))
    similar = fields.List(fields.Nested(SimilarSample), required=True)
    square = fields.Nested(Square, required=True, **_said("The part of the picture that counts."))


class Accuracy(Schema):
    value = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)
    n = fields.Int(required=True)


class LabelCheck(Schema):
    name = fields.Str(required=True)
    precision = fields.Float(required=True, allow_none=True)
    recall = fields.Float(required=True, allow_none=True)
    n = fields.Int(required=True)
    right = fields.Int(required=True)


class Check(Schema):
    method = fields.Str(required=True, validate=validate.OneOf(["shown_after", "left_out_in_turn"]))
    model_number = fields.Int(required=True)
    right = fields.Int(required=True)
    n = fields.Int(required=True)
    low = fields.Int(required=True, **_said("Tried again, at least so many right (Wilson)."))
    high = fields.Int(required=True)
    accuracy = fields.Nested(Accuracy, required=True)
    labels = fields.List(fields.Str(), required=True)
    label_ids = fields.List(fields.Str(allow_none=True), required=True)
    confusion = fields.List(fields.List(fields.Int()), required=True, **_said("Rows: the truth."))
    per_label = fields.List(fields.Nested(LabelCheck), required=True)
    not_sure = fields.Int(required=True)
    unchecked_labels = fields.List(fields.Str(), required=True)
    bursts = fields.Int(required=True)


class CellQuery(In):
    true = Text(required=True)
    predicted = Text(required=True)


class CellSample(Sample):
    confidence = fields.Float(required=True)


class Cell(Schema):
    samples = fields.List(fields.Nested(CellSample), required=True)


# --- the whole state of a project -----------------------------------------------------


class Thumb(Schema):
    id = fields.Str(required=True)
    url = fields.Str(required=True)


class StateProject(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True)
    space_id = fields.Str(required=True)
    animal = fields.Str(required=True, allow_none=True)
    threshold = fields.Float(required=True, allow_none=True)
    activity = fields.Str(required=True, allow_none=True)
    is_example = fields.Bool(required=True)
    labels = fields.Int(required=True)
    samples = fields.Int(required=True)
    changed_seq = fields.Int(required=True)
    hearing = fields.Str(required=True, allow_none=True)
    hands = fields.Int(required=True, allow_none=True)
    blur_faces = fields.Str(required=True, allow_none=True)


class StateLabel(Schema):
    id = fields.Str(required=True)
    name = fields.Str(required=True)
    style = fields.Int(required=True)
    is_nothing = fields.Bool(required=True)
    samples = fields.Int(required=True)
    bursts = fields.Int(required=True)
    thumbs = fields.List(fields.Nested(Thumb), required=True, **_said("The newest eight."))


class StateBurst(Schema):
    id = fields.Str(required=True)
    label_id = fields.Str(required=True)
    samples = fields.Int(required=True)
    without_hand = fields.Int(required=True)


class StateModel(Schema):
    ref = fields.Nested(ModelRef, required=True)
    stale = fields.Bool(required=True, **_said("Samples or labels have changed since."))
    trained_on = fields.Int(required=True)
    training_ms = fields.Float(required=True, allow_none=True)
    loss_curve = fields.List(fields.Float(), required=True)
    threshold = fields.Float(required=True, allow_none=True)
    exportable = fields.Bool(required=True)
    trained_labels = fields.List(fields.Str(), required=True)


class Advice(Schema):
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    label_id = fields.Str(allow_none=True)
    message = fields.Str(required=True)


class ProjectState(Schema):
    seq = fields.Int(required=True)
    project = fields.Nested(StateProject, required=True)
    labels = fields.List(fields.Nested(StateLabel), required=True)
    burst = fields.Nested(StateBurst, required=True, allow_none=True)
    can_answer = fields.Bool(required=True)
    model = fields.Nested(StateModel, required=True, allow_none=True)
    check = fields.Nested(Check, required=True, allow_none=True)
    advice = fields.List(fields.Nested(Advice), required=True)
    job = fields.Nested(Job, required=True, allow_none=True)


class EventsQuery(In):
    live = fields.Bool(load_default=False, **_said("Also the answers to the kit's camera."))
    power = fields.Bool(load_default=False, **_said("Also the power meter's line, twice a second."))


class SoundQuery(In):
    whole = fields.Bool(load_default=False, **_said("As it was before it was trimmed."))
    v = Text(load_default=None, **_said("Any word: another one is another address."))


class Trim(In):
    start_ms = fields.Int(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 60_000),
        **_said("Where the second begins in the whole clip; null: the whole again."),
    )


class PictureQuery(In):
    thumb = fields.Bool(load_default=False, **_said("At most 160 pixels."))


# --- the lab --------------------------------------------------------------------------

LABELS = validate.OneOf([str(label) for label in MeterLabel])


class MetersQuery(In):
    again = fields.Bool(load_default=False, **_said("Ask the meters once more."))


class Meter(Schema):
    name = fields.Str(required=True)
    label = fields.Str(required=True, validate=LABELS)
    label_words = fields.Str(required=True)
    rate_hz = fields.Float(required=True)
    resolution_mw = fields.Float(required=True, allow_none=True)
    gain_error = fields.Float(required=True, allow_none=True, **_said("Share; in no interval."))
    blind_spots = fields.List(fields.Str(), required=True)
    details = fields.Dict(required=True, **_said("Chip and shunt, or formula and constants."))


class FoundMeter(Schema):
    name = fields.Str(required=True)
    meter = fields.Nested(Meter, required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)


class Meters(Schema):
    chosen = fields.Nested(Meter, required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)
    measures = fields.Bool(required=True, **_said("False: joules are estimated, or none."))
    found = fields.List(fields.Nested(FoundMeter), required=True)


class Figure(Schema):
    value = fields.Float(required=True)
    low = fields.Float(required=True, **_said("95 % interval."))
    high = fields.Float(required=True)


class Latency(Schema):
    median_ms = fields.Float(required=True)
    p95_ms = fields.Float(required=True)
    low_ms = fields.Float(required=True, **_said("95 % interval of the median."))
    high_ms = fields.Float(required=True)
    n = fields.Int(required=True)


class Energy(Schema):
    gross_mj = fields.Nested(Figure, required=True, **_said("Of the whole machine, one unit."))
    marginal_mj = fields.Nested(Figure, required=True, **_said("Above idle, one unit."))
    idle_mw = fields.Float(required=True, allow_none=True, **_said("Mean power of idle blocks."))
    active_mw = fields.Float(required=True, allow_none=True)


class Rejected(Schema):
    pair = fields.Int(required=True)
    phase = fields.Str(required=True)
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    message = fields.Str(required=True)


class LabAccuracy(Accuracy):
    right = fields.Int(required=True)
    bursts = fields.Int(required=True)


class Guess(Schema):
    ms = fields.Float(required=True, allow_none=True)
    mj = fields.Float(required=True, allow_none=True)
    accuracy = fields.Float(required=True, allow_none=True)


class Bet(Guess):
    subject = fields.Str(required=True)


class LivePace(Schema):
    answers_per_s = fields.Float(required=True)
    camera = fields.Bool(required=True, **_said("False: stored pictures stood in."))


class SamplerCost(Figure):
    pairs = fields.Int(required=True)


class Experiment(Schema):
    id = fields.Int(required=True)
    subject = fields.Str(required=True)
    unit = fields.Str(required=True, validate=validate.OneOf([str(unit) for unit in Unit]))
    input_size = fields.Int(required=True, allow_none=True)
    cut = fields.Str(required=True, allow_none=True, **_said("Where the network ends early."))
    threads = fields.Int(required=True, **_said("Processors that one answer is shared among."))
    head = fields.Str(required=True, allow_none=True)
    plan = fields.Str(required=True, **_said("Anything but full is shorter."))
    meter = fields.Str(required=True, allow_none=True)
    board = fields.Str(required=True, allow_none=True)
    label = fields.Str(required=True, validate=LABELS)
    label_words = fields.Str(required=True)
    pairs = fields.Int(required=True)
    latency = fields.Nested(Latency, required=True, allow_none=True)
    energy = fields.Nested(Energy, required=True, allow_none=True)
    rejected = fields.List(fields.Nested(Rejected), required=True)
    accuracy = fields.Nested(LabAccuracy, required=True, allow_none=True)
    bet = fields.Nested(Guess, required=True, allow_none=True)
    live = fields.Nested(LivePace, required=True, allow_none=True)
    sampler = fields.Nested(
        SamplerCost,
        required=True,
        allow_none=True,
        **_said("How many times as long an answer takes while the meter is read."),
    )
    newest = fields.Bool(required=True)
    on_front = fields.Bool(required=True)


class Lab(Schema):
    subjects = fields.List(fields.Str(), required=True, **_said("What may be measured here."))
    results = fields.List(fields.Nested(Experiment), required=True, **_said("Newest first."))
    bets = fields.List(fields.Nested(Bet), required=True, **_said("Not measured yet."))
    front_by = fields.Str(
        required=True, allow_none=True, validate=validate.OneOf(["energy", "time"])
    )
    not_ranked = fields.Str(required=True, allow_none=True, **_said("Why there is no front."))
    job = fields.Nested(Job, required=True, allow_none=True)
    may_start = fields.Bool(required=True)


class PlaceBet(In):
    subject = Text(required=True)
    ms = fields.Float(load_default=None, allow_none=True)
    mj = fields.Float(load_default=None, allow_none=True)
    accuracy = fields.Float(load_default=None, allow_none=True, **_said("0 to 1."))


class StartMeasuring(In):
    subject = Text(required=True)
    mode = Text(load_default="classroom", **_said("classroom: within a minute; or full."))


class StoppedMeasuring(Schema):
    job = fields.Nested(Job, required=True, allow_none=True)


# --- outputs --------------------------------------------------------------------------


class HeaderPin(Schema):
    place = fields.Int(required=True, **_said("1 to 40."))
    gpio = fields.Int(required=True, allow_none=True)
    role = fields.Str(
        required=True, validate=validate.OneOf(["3v3", "5v", "ground", "gpio", "board"])
    )


class PartKind(Schema):
    part = fields.Str(required=True)
    legs = fields.List(fields.Str(), required=True, **_said("Each needs a pin of its own."))


class Wire(Schema):
    id = fields.Str(required=True)
    part = fields.Str(required=True)
    pins = fields.List(fields.Int(), required=True, **_said("GPIO numbers."))
    label_id = fields.Str(required=True)
    threshold = fields.Float(required=True)
    after_s = fields.Float(required=True)
    colour = fields.Str(required=True)
    angle_deg = fields.Float(required=True)
    active_high = fields.Bool(required=True)


class PutWire(In):
    id = Text(load_default=None, **_said("Of the wire to change; absent: a new one."))
    part = Text(required=True, **_said("led, rgb-led, buzzer, servo, relay or button."))
    pins = fields.List(
        fields.Int(),
        required=True,
        validate=validate.Length(max=8),
        **_said("GPIO numbers, one for each leg."),
    )
    label_id = Text(required=True)
    threshold = fields.Float(load_default=None, allow_none=True, **_said("0.05 to 1."))
    after_s = fields.Float(load_default=None, allow_none=True, **_said("0 to 10."))
    colour = Text(load_default=None, allow_none=True, **_said("#rrggbb, of an RGB LED."))
    angle_deg = fields.Float(load_default=None, allow_none=True, **_said("-90 to 90."))
    active_high = fields.Bool(load_default=None, allow_none=True)


class OutputsNow(Schema):
    driving = fields.Bool(required=True, **_said("Whether answers switch the parts."))
    on = fields.Dict(
        keys=fields.Str(), values=fields.Bool(), required=True, **_said("Wire id -> on, or held.")
    )
    trouble = fields.Nested(ErrorBody, required=True, allow_none=True)


class Outputs(Schema):
    wires = fields.List(fields.Nested(Wire), required=True)
    board = fields.Str(required=True, allow_none=True)
    refusal = fields.Nested(ErrorBody, required=True, allow_none=True)
    is_taken = fields.Bool(required=True, **_said("Another project drives the pins."))
    now = fields.Nested(OutputsNow, required=True)
    header = fields.List(fields.Nested(HeaderPin), required=True)
    parts = fields.List(fields.Nested(PartKind), required=True)


class TestingWire(Schema):
    seconds = fields.Float(required=True)


# --- the self-test --------------------------------------------------------------------


class Finding(Schema):
    part = fields.Str(required=True)
    state = fields.Str(
        required=True, validate=validate.OneOf(["good", "warning", "absent", "broken"])
    )
    id = fields.Str(required=True)
    values = fields.Dict(required=True)
    message = fields.Str(required=True)
    reason = fields.Str(required=True, **_said("For whoever mends the kit; in English."))


class Report(Schema):
    good = fields.Bool(required=True, **_said("Whether a lesson can be held."))
    at = fields.Str(required=True, allow_none=True, **_said("ISO 8601; null: no clock set."))
    kit = fields.Dict(keys=fields.Str(), values=fields.Str(), required=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class LastReport(Schema):
    report = fields.Nested(Report, required=True, allow_none=True)


# --- the appliance --------------------------------------------------------------------


class Counted(Schema):
    names = fields.Int(required=True, **_said("Name servers, port 53."))
    time = fields.Int(required=True, **_said("Time servers, port 123."))
    web = fields.Int(required=True, **_said("Ports 80 and 443."))
    other = fields.Int(required=True)


class Appliance(Schema):
    wifi = fields.Str(
        required=True, **_said("own, join or off, as mallette.toml wishes; or empty.")
    )
    wifi_on = fields.Bool(required=True)
    wifi_off_at_class_end = fields.Bool(required=True)
    now_s = fields.Float(required=True, **_said("The kit's clock, seconds since 1970."))
    clock_set = fields.Bool(required=True, **_said("Whether it was set since 2026 began."))
    zone = fields.Str(required=True, **_said("Such as Europe/Paris; empty: the machine's own."))
    under_way = fields.List(
        fields.Str(), required=True, **_said("Verbs of what a switch-off would end.")
    )
    left = fields.Nested(
        Counted,
        required=True,
        allow_none=True,
        **_said("Bytes that left for a public address since the start; null: not counted."),
    )
    refused = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(),
        required=True,
        **_said("Packets that the firewall kept from leaving, by kind as in `left`."),
    )
    problem = fields.Nested(
        ErrorBody,
        required=True,
        allow_none=True,
        **_said("What became of the last deed, if that went wrong after its answer."),
    )


class SwitchWifi(In):
    on = fields.Bool(required=True)


class WifiAtClassEnd(In):
    off = fields.Bool(required=True)


class SetClock(In):
    wall_s = fields.Int(required=True, strict=True, **_said("Whole seconds since 1970."))
    zone = Text(required=True, **_said("As browsers name it, such as Europe/Paris."))


class Power(In):
    deed = fields.Str(required=True, validate=validate.OneOf(("off", "restart")))
    confirm = fields.Bool(required=True)


# --- activities, health ---------------------------------------------------------------


class Step(Schema):
    title = fields.Str(required=True)
    do = fields.Str(required=True)
    watch = fields.Str(required=True)
    question = fields.Str(required=True)


class ActivityCard(Schema):
    name = fields.Str(required=True)
    title = fields.Str(required=True, allow_none=True)
    promise = fields.Str(required=True, allow_none=True)
    minutes = fields.Int(required=True, allow_none=True, **_said("For the whole class together."))
    refused = fields.Str(required=True, allow_none=True, **_said("Why it cannot be used, if so."))


class Activities(Schema):
    activities = fields.List(fields.Nested(ActivityCard), required=True)


class BasketPicture(Schema):
    url = fields.Str(required=True)


class BasketShowing(Schema):
    object = fields.Str(required=True, **_said("The same for every showing of one object."))
    burst = fields.Str(required=True, **_said("Unlike that of any other showing of the label."))
    label = fields.Str(required=True, **_said("What it is, in the request's language."))
    pictures = fields.List(fields.Nested(BasketPicture), required=True)


class Activity(ActivityCard):
    kind = fields.Str(required=True)
    level = fields.Int(required=True)
    minutes_alone = fields.Int(required=True)
    ages = fields.List(fields.Int(), required=True)
    material = fields.List(fields.Str(), required=True)
    steps = fields.List(fields.Nested(Step), required=True)
    basket = fields.List(
        fields.Nested(BasketShowing),
        required=True,
        **_said("Example objects that the ready example does not hold; for a kit with no camera."),
    )


class Health(Schema):
    status = fields.Str(required=True, validate=validate.Equal("ok"))
    version = fields.Str(required=True)
    measuring = fields.Bool(required=True, **_said("The lab has the kit: everything else waits."))
    troubles = fields.List(
        fields.Nested(ErrorBody),
        required=True,
        **_said("What is wrong with the memory card, for a banner on every page."),
    )
