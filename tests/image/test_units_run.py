"""The door's units under a real systemd, as process 1 of a machine made of namespaces.

Its root is this machine's, with a memory of its own laid over it; its network is empty. What is
shut in on the image is shut in here: capabilities, system calls, addresses, folders. Not here: a
radio (`rfkill` is a script that says yes), and the clock, which no namespace has to itself.
"""

import os
import re
import shutil
import subprocess
import textwrap

import pytest

NEEDED = ("unshare", "pivot_root", "nft", "setpriv", "curl", "systemd-sysusers")
SYSTEMD = "/lib/systemd/systemd"

MACHINE = """
    set -e
    root=$1/root kit=$2
    mount --make-rprivate /
    mkdir -p $1/memory $root
    mount -t tmpfs tmpfs $1/memory
    mkdir $1/memory/upper $1/memory/work
    mount -t overlay overlay -o lowerdir=/,upperdir=$1/memory/upper,workdir=$1/memory/work $root
    mount -t proc proc $root/proc
    mount -t sysfs sysfs $root/sys
    mount -t cgroup2 cgroup2 $root/sys/fs/cgroup
    for folder in run tmp dev; do mount -t tmpfs tmpfs $root/$folder; done
    for device in null zero full random urandom tty; do cp -a /dev/$device $root/dev/; done
    ln -s /proc/self/fd $root/dev/fd
    rm -rf $root/etc/systemd/system/* $root/etc/machine-id
    mkdir -p $root/opt/mallette $root/data/kit $root/data/system $root/boot/firmware $root/old
    cp -r $kit/kit $root/opt/mallette/
    cp $kit/image-build/files/root/etc/nftables.conf $root/etc/
    for name in tmpfiles.d sysusers.d; do
        mkdir -p $root/etc/$name
        cp $kit/image-build/files/root/etc/$name/mallette.conf $root/etc/$name/
    done
    units=$root/etc/systemd/system
    for name in door.path door.service fault.service start.service; do
        cp $kit/image-build/files/root/etc/systemd/system/mallette-$name $units/
    done
    # No console; and of a root that is laid over another, systemd makes no devices.
    mkdir $units/mallette-start.service.d $units/mallette-fault.service.d
    printf '[Service]\\nStandardOutput=journal\\n' >$units/mallette-start.service.d/here.conf
    printf '[Service]\\nPrivateDevices=no\\n' >$units/mallette-fault.service.d/here.conf
    printf '#!/bin/sh\\nexit 0\\n' >$root/usr/sbin/rfkill
    chmod 755 $root/usr/sbin/rfkill
    printf '[Unit]\\nRequires=story.service\\nDefaultDependencies=no\\n' >$units/story.target
    printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nExecStart=/bin/sh /story\\n' \\
        >$units/story.service
    cp $1/story $root/story
    touch $root/said
    mount --bind $1/said $root/said
    cd $root
    pivot_root . old
    exec chroot . sh -c 'umount -l /old; exec env -i container=private \\
        PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=story.target \\
        --log-target=journal-or-kmsg --show-status=no' <dev/null
"""

STORY = """
    exec >>/said 2>&1
    as() {
        who="--reuid=$1 --regid=$2"
        shift 2
        timeout 60 setpriv $who --init-groups "$@"
    }
    ask() {
        echo '{"id": "0f0f0f0f0f0f0f0'$1'", "word": "'$2'", "wall_s": null}' >/tmp/ask
        as kit kit sh -c 'cd /run/mallette/asks; umask 022; cat /tmp/ask >new; mv new ask'
    }
    systemd-sysusers mallette.conf
    ip link set lo up
    nft --file /etc/nftables.conf
    timeout 20 systemctl start systemd-journald.service

    # No partition is mounted here, so the start fails, and a page says so.
    timeout 60 systemctl start mallette-start.service
    for try in 1 2 3 4 5 6 7 8 9; do curl -s -o /dev/null http://127.0.0.1/ && break; sleep 1; done
    echo "page: $(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1/teacher)"
    echo "said: $(curl -s http://127.0.0.1/api/health)"
    timeout 20 systemctl stop mallette-fault.service

    timeout 20 systemctl start mallette-door.path
    ask 1 look
    for try in 1 2 3 4 5 6 7 8 9; do [ -e /run/mallette/status.json ] && break; sleep 1; done
    echo "told: $(as nobody nogroup cat /run/mallette/status.json)"
    echo secret >/run/mallette/for-kit/wifi.json
    echo "kit: $(as kit kit cat /run/mallette/for-kit/wifi.json)"
    echo "nobody: $(as nobody nogroup cat /run/mallette/for-kit/wifi.json 2>&1)"
    echo "door: $(timeout 20 systemctl show --property=Result --value mallette-door.service)"
    as kit kit sh -c 'mkdir -p /run/mallette/asks/ask/x'
    sleep 3
    echo "asks: $([ -e /run/mallette/asks/ask ] && echo stuck || echo free)"
    ask 2 power-off
    sleep 20
    echo still here
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory, checkout):
    """What the story wrote, line by line: word -> the rest."""
    lacking = [name for name in NEEDED if not shutil.which(name)]
    if lacking or os.geteuid() or not os.path.exists(SYSTEMD):
        pytest.skip(f"needs root, systemd and {', '.join(NEEDED)}")
    folder = tmp_path_factory.mktemp("machine")
    (folder / "machine").write_text(textwrap.dedent(MACHINE))
    (folder / "story").write_text(textwrap.dedent(STORY))
    (folder / "said").touch()
    spaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"]
    with (folder / "console").open("w") as console:
        machine = subprocess.Popen(
            ["unshare", *spaces, "sh", folder / "machine", folder, checkout],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
        )
        try:
            machine.wait(120)
        except subprocess.TimeoutExpired:
            machine.kill()
            machine.wait()
    lines = (folder / "said").read_text()
    if not lines:
        told = (folder / "console").read_text().strip().splitlines() or ["it said nothing"]
        pytest.skip(f"no machine of namespaces here: {told[-1]}")
    return dict(re.findall(r"^(\w+): (.*)$", lines, re.MULTILINE)) | {"all": lines}


def test_a_start_that_fails_brings_the_page_that_says_why(said):
    assert said["page"] == "503", said["all"]
    assert said["said"] == '{"status": "fault", "id": "data-partition-missing"}'


def test_an_ask_of_the_servers_user_is_carried_out_with_all_walls_up(said):
    assert '"word": "look", "problem": null' in said["told"], said["all"]
    assert '"left": {"names": 0, "time": 0, "web": 0, "other": 0}' in said["told"]
    assert said["door"] == "success"


def test_only_the_kit_reads_how_its_wifi_is_joined(said):
    assert said["kit"] == "secret"
    assert "Permission denied" in said["nobody"]


def test_what_cannot_be_removed_does_not_start_the_door_for_ever(said):
    assert said["asks"] == "free", said["all"]


def test_the_servers_user_switches_the_machine_off_by_asking(said):
    assert "still here" not in said["all"]
