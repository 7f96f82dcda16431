"""A stock system to install a bundle on: Debian as it comes, its first start told by a FAT drive.

    python tests/guest/stock.py --work FOLDER     -> FOLDER/build/stock/stock-debian.img, root/boot/

Raspberry Pi OS cannot be had where the project is tested, so this stands in for its Lite edition:
the same release, NetworkManager, avahi, Python and cloud-init reading the drive named bootfs;
none of the kit's own packages. What differs: kernel, firmware, its first-start wizard.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

IMAGE_BUILD = Path(__file__).resolve().parents[2] / "image-build"
sys.path.insert(0, str(IMAGE_BUILD))

from build import check_machine, made_from, step, write_source  # noqa: E402
from image_config import load  # noqa: E402

PACKAGES = (
    "avahi-daemon", "cloud-init", "initramfs-tools", "iw", "linux-image-arm64", "network-manager",
    "openssh-server", "python3", "rfkill", "sudo", "systemd-sysv", "wpasupplicant",
)  # fmt: skip
FILES = {
    "etc/fstab": "LABEL=root / ext4 noatime 0 1\nLABEL=bootfs /boot/firmware vfat defaults 0 2\n",
    "etc/cloud/cloud.cfg.d/99-stock.cfg": "datasource_list: [NoCloud, None]\n"
    "datasource: {NoCloud: {fs_label: bootfs}}\n",
    "etc/hostname": "stock\n",
    "etc/machine-id": "",
}
INITRAMFS = (
    'mkdir -p "$1"/etc/initramfs-tools/conf.d; '
    'echo MODULES=list > "$1"/etc/initramfs-tools/conf.d/stock; '
    r'printf "ext4\nvirtio_blk\nvirtio_mmio\nvfat\n" > "$1"/etc/initramfs-tools/modules'
)
GENIMAGE = """\
image boot.vfat {
	vfat {
		label = "bootfs"
	}
	empty = true
	size = 512M
}

image root.ext4 {
	ext4 {
		label = "root"
		use-mke2fs = true
	}
	mountpoint = "/"
	size = 3500M
}

image stock-debian.img {
	hdimage {
		partition-table-type = "mbr"
	}

	partition boot {
		partition-type = 0xC
		image = "boot.vfat"
	}

	partition root {
		partition-type = 0x83
		image = "root.ext4"
	}
}
"""


def build(work: Path) -> Path:
    """The stock system's disk, made once for as long as its recipe is the same."""
    config = load((IMAGE_BUILD / "image.toml").read_text(encoding="utf-8"))
    check_machine(config.image.architecture)
    home = work / "build" / "stock"
    home.mkdir(parents=True, exist_ok=True)
    sources = write_source(config, "debian.sources", work)
    mmdebstrap = (
        "mmdebstrap", "--variant=important", "--format=tar",
        f"--architectures={config.image.architecture}",
        '--aptopt=APT::Install-Recommends "false"', "--dpkgopt=force-confold",
        "--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*",
        f"--include={','.join(PACKAGES)}", f"--essential-hook={INITRAMFS}", config.image.suite,
        "build/stock/system.tar", "build/sources/debian.sources",
    )  # fmt: skip
    with made_from(home / "system.tar", [*mmdebstrap, sources]) as outdated:
        if outdated:
            step("a stock system", mmdebstrap, work)
    with made_from(home / "stock-debian.img", [repr(FILES), GENIMAGE, sources]) as outdated:
        if outdated:
            _disk(home, work)
    return home / "stock-debian.img"


def _disk(home: Path, work: Path) -> None:
    root = home / "root"
    for folder in (root, home / "genimage"):
        shutil.rmtree(folder, ignore_errors=True)
    root.mkdir(mode=0o755)
    unpack = ("tar", "--extract", "--numeric-owner", "--file", str(home / "system.tar"))
    step("unpack", (*unpack, "--directory", str(root), "--exclude=./dev/*"), work)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "boot" / "firmware").mkdir()
    (home / "genimage.cfg").write_text(GENIMAGE, encoding="utf-8")
    places = ("--config", "genimage.cfg", "--rootpath", "root", "--inputpath", ".",
              "--outputpath", ".", "--tmppath", "genimage")  # fmt: skip
    os.chdir(home)
    step("disk", ("genimage", *places), home)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="where build/ shall be")
    print(build(parser.parse_args().work.resolve()))
