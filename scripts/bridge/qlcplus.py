"""A real QLC+ without a screen, with the workspace that docs/examples holds: what a light desk makes of the bridge's OSC."""

import os
import pathlib
import re
import subprocess
import tempfile
import time

from wire import WebSocket, free_port, has

WORKSPACE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/examples/timbred.qxw"


def channel(address):
    """The number that QLC+ gives to an OSC address: its CRC-16 as X.25 has it."""
    register = 0xFFFF
    for byte in address.encode():
        register ^= byte
        for _ in range(8): register = register >> 1 ^ (0x8408 if register & 1 else 0)
    return register ^ 0xFFFF


def missing():
    """The programs that are not there."""
    return [name for name in ("qlcplus", "Xvfb") if not has(name)]


class LightDesk:
    """QLC+ under Xvfb in operate mode, asked over its web interface; listens for OSC at `port`."""

    def __init__(self, port):
        self.folder = tempfile.TemporaryDirectory(prefix="timbre-qlcplus-")
        home = pathlib.Path(self.folder.name)
        workspace = home / "workspace.qxw"
        # Without a number QLC+ takes 7700, which somebody else may have.
        workspace.write_text(WORKSPACE.read_text().replace(
            '<Input Plugin="OSC" UID="127.0.0.1" Line="0"/>',
            f'<Input Plugin="OSC" UID="127.0.0.1" Line="0"><PluginParameters inputPort="{port}"/></Input>'))
        seen, told = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(told), "-screen", "0", "900x560x24", "-nolisten", "tcp"],
            pass_fds=[told], stderr=subprocess.DEVNULL)
        os.close(told)
        with os.fdopen(seen) as display: name = ":" + display.readline().strip()
        self.web = free_port()
        self.program = subprocess.Popen(
            ["qlcplus", "--nowm", "--operate", "--web", "--web-port", str(self.web), "--open", str(workspace)],
            env={**os.environ, "DISPLAY": name, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "xcb"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = None
        self.socket = self._connected()

    def _connected(self):
        end = time.monotonic() + 120
        while self.program.poll() is None and time.monotonic() < end:
            try: return WebSocket(self.web, "/qlcplusWS")
            except OSError: time.sleep(0.2)
        self.end()
        raise RuntimeError("QLC+ does not come up")

    def values(self, count=16):
        """The DMX values of the first channels of universe 1."""
        self.socket.send(f"QLC+API|getChannelsValues|1|1|{count}")
        return [int(value) for value in re.findall(r"\|\d+\|(\d+)\|", self.socket.receive())]

    def end(self):
        if self.socket: self.socket.close()
        for process in (self.program, self.screen):
            process.terminate()
            process.wait()
        self.folder.cleanup()
