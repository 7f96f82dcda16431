"""News for the pages: what a page that listens, sleeps or goes away may count on."""

import threading

from kit.events import QUEUE_LENGTH, Event, Events


def test_a_page_gets_the_snapshot_first_and_then_the_news():
    events = Events()
    box = events.subscribe("p1", lambda: Event(events.next_seq(), "state", "as it is"))

    events.publish("p1", "prediction", "a cup")

    first, second = box.next(0), box.next(0)
    assert (first.kind, first.data) == ("state", "as it is")
    assert (second.kind, second.data) == ("prediction", "a cup")
    assert first.seq < second.seq
    assert box.next(0) is None


def test_a_page_that_slept_finds_the_newest_of_each_kind_only():
    events = Events()
    box = events.subscribe("p1")

    for n in range(1000):
        events.publish("p1", "prediction", n)
        events.publish("p1", "state", -n)

    heard = [box.next(0), box.next(0)]
    assert [(event.kind, event.data) for event in heard] == [("prediction", 999), ("state", -999)]
    assert box.next(0) is None


def test_notices_are_all_heard_up_to_a_small_number():
    events = Events()
    box = events.subscribe("p1")

    for n in range(3):
        events.publish("p1", "notice", n)
    assert [box.next(0).data for _ in range(3)] == [0, 1, 2]

    for n in range(1000):
        events.publish("p1", "notice", n)
    heard = []
    while event := box.next(0):
        heard.append(event.data)
    assert heard == list(range(1000 - QUEUE_LENGTH, 1000))


def test_news_is_heard_in_the_order_of_its_numbers():
    events = Events()
    box = events.subscribe("p1")

    events.publish("p1", "state", "old")
    events.publish("p1", "notice", "unplugged")
    events.publish("p1", "job", "training")
    events.publish("p1", "state", "new")

    heard = [box.next(0) for _ in range(3)]
    assert [event.data for event in heard] == ["unplugged", "training", "new"]
    assert [event.seq for event in heard] == sorted(event.seq for event in heard)


def test_a_snapshot_made_late_does_not_hide_newer_news():
    events = Events()

    def slow_snapshot():
        seq = events.next_seq()
        events.publish("p1", "state", "newer")  # meanwhile, another pupil adds a picture
        return Event(seq, "state", "older")

    box = events.subscribe("p1", slow_snapshot)

    assert box.next(0).data == "newer"
    assert box.next(0) is None


def test_one_project_does_not_hear_another_but_all_hear_of_the_camera():
    events = Events()
    squirrels, owls = events.subscribe("p1"), events.subscribe("p2")

    events.publish("p1", "state", "squirrels' own")
    events.publish_everywhere("camera", "lost")

    assert [squirrels.next(0).data, squirrels.next(0).data] == ["squirrels' own", "lost"]
    assert owls.next(0).data == "lost"
    assert owls.next(0) is None


def test_a_listener_that_waits_is_woken_by_the_news():
    events = Events()
    box = events.subscribe("p1")
    heard = []
    listener = threading.Thread(target=lambda: heard.append(box.next(10)))
    listener.start()

    events.publish("p1", "state", "fresh")
    listener.join(10)

    assert heard[0].data == "fresh"


def test_closing_the_hub_wakes_every_listener_and_refuses_new_ones():
    events = Events()
    box = events.subscribe("p1")
    heard = []
    listener = threading.Thread(target=lambda: heard.append(box.next(60)))
    listener.start()

    events.close()
    listener.join(10)

    assert heard == [None] and box.closed
    assert events.subscribe("p1").closed


def test_whoever_leaves_is_forgotten_and_said_so_once():
    events = Events()
    left = []
    box = events.subscribe("p1", when_closed=lambda: left.append("p1"))
    assert events.listeners("p1") == 1

    box.close()
    box.close()

    assert left == ["p1"]
    assert events.listeners("p1") == 0


def test_numbers_rise_across_a_restart():
    before = Events()
    last = before.publish("p1", "state", "before the cut")

    after = Events(after=last)

    assert after.publish("p1", "state", "after the cut") > last


def test_many_threads_publish_and_no_number_is_given_twice():
    events = Events()
    seqs: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: seqs.extend(events.publish("p1", "state", n) for n in range(200))
        )
        for _ in range(8)
    ]
    box = events.subscribe("p1")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert len(set(seqs)) == 8 * 200
    assert box.next(0).seq == max(seqs)
