"""The firewall's counters in a network of the test's own: real packets, rules and reader."""

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

NEEDED = ("unshare", "nsenter", "ip", "nft")

NETWORK = """
    set -e
    unshare --net sleep 60 & far=$!
    trap 'kill $far' EXIT
    while [ "$(readlink /proc/$far/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
    ip link set lo up
    ip link add eth0 type veth peer name eth1 netns $far
    ip address add 192.168.1.2/24 dev eth0
    ip link set eth0 up
    nsenter --target $far --net sh -c '
        ip address add 192.168.1.1/24 dev eth1
        ip address add 198.51.100.7/32 dev eth1
        ip link set eth1 up'
    ip route add default via 192.168.1.1
    nft --file "$1"
    shift
    "$@" $far
"""

STORY = """
    import contextlib, json, socket, subprocess, sys, textwrap
    from kit.appliance.door import Root, counted

    def now():
        asked = ["nft", "--json", "list", "counters", "table", "inet", "mallette"]
        print(json.dumps(counted(Root().run(asked))))

    now()
    # Something on the kit asks beyond the room, as programs do by habit.
    datagram, stream = socket.SOCK_DGRAM, socket.SOCK_STREAM
    for kind, port in ((datagram, 53), (datagram, 123), (stream, 443)):
        with socket.socket(socket.AF_INET, kind) as asking, contextlib.suppress(OSError):
            asking.settimeout(0.2)
            asking.connect(("198.51.100.7", port))
            asking.send(b"who is there")
    now()
    # A screen of the room, then one with a public address, open the kit's page.
    visit = '''
    import socket, sys
    with socket.create_connection(("192.168.1.2", 80), 5, source_address=(sys.argv[1], 0)) as visit:
        assert visit.recv(4096)
    '''
    with socket.create_server(("192.168.1.2", 80)) as kit:
        for address in ("192.168.1.1", "198.51.100.7"):
            far = ["nsenter", "--target", sys.argv[1], "--net", sys.executable, "-c"]
            guest = subprocess.Popen([*far, textwrap.dedent(visit), address])
            page, _ = kit.accept()
            page.sendall(bytes(1000))
            page.close()
            assert guest.wait(10) == 0
            now()
"""


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}")
def test_what_left_and_what_was_kept_back_is_counted_and_the_room_is_not(
    image_build: Path, checkout: Path, tmp_path: Path
):
    for name, text in (("network.sh", NETWORK), ("story.py", STORY)):
        (tmp_path / name).write_text(textwrap.dedent(text))
    rules = image_build / "files/root/etc/nftables.conf"
    done = subprocess.run(
        [
            "unshare",
            "--net",
            "sh",
            tmp_path / "network.sh",
            rules,
            sys.executable,
            tmp_path / "story.py",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(checkout)},
    )
    if "not permitted" in done.stderr or "not supported" in done.stderr:
        pytest.skip(f"no network of one's own here: {done.stderr.splitlines()[0]}")

    assert done.returncode == 0, done.stderr
    at_first, asked, room, public = map(json.loads, done.stdout.splitlines())
    nothing = dict.fromkeys(("names", "time", "web", "other"), 0)
    assert at_first == {"left": nothing, "refused": nothing}
    assert asked["left"] == nothing
    assert asked["refused"] == {"names": 1, "time": 1, "web": 1, "other": 0}
    assert room["left"] == nothing  # what goes between the kit and the screens around it
    assert 1000 < public["left"]["other"] < 2000
    assert public["refused"] == asked["refused"]
