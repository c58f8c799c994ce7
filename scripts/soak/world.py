"""The world around the daemon under test: a real PulseAudio server, players, and a disk that can be taken away."""

import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time


class PulseServer:
    """A PulseAudio server of our own with two null sinks, fed with a recording for ever."""

    RATE = 44100

    def __init__(self, directory: pathlib.Path, music: pathlib.Path):
        self.directory = directory
        self.music = music
        self.address = f"unix:{directory}/native"
        self.environment = dict(
            os.environ, HOME=str(directory), XDG_RUNTIME_DIR=str(directory), PULSE_RUNTIME_PATH=str(directory),
            PULSE_SERVER=self.address)
        self.modules: dict[str, str] = {}
        self.players: dict[str, subprocess.Popen] = {}
        # Troubles and the keeper of the music come from threads of their own.
        self.lock = threading.RLock()
        self.process: subprocess.Popen | None = None

    def start(self):
        (self.directory / "native").unlink(missing_ok=True)
        script = self.directory / "soak.pa"
        script.write_text(f"load-module module-native-protocol-unix socket={self.directory}/native auth-anonymous=1\n")
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--log-level=error"],
            env=self._without_server(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            if self._answers():
                break
            time.sleep(0.025)
        else:
            raise RuntimeError("pulseaudio was started and does not answer")
        for sink in ("speaker", "line"):
            self.plug(sink)

    def _without_server(self):
        return {name: value for name, value in self.environment.items() if name != "PULSE_SERVER"}

    def _pactl(self, *arguments):
        return subprocess.run(
            ["pactl", *arguments], env=self.environment, capture_output=True, text=True, timeout=20)

    def _answers(self) -> bool:
        try:
            return self._pactl("info").returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def plug(self, sink: str):
        """Makes the sink, and with it the monitor that the daemon listens to."""
        answer = self._pactl("load-module", "module-null-sink", f"sink_name={sink}", f"rate={self.RATE}", "channels=2")
        if answer.returncode != 0:
            raise RuntimeError(f"pactl could not make the sink {sink}: {answer.stderr.strip()}")
        with self.lock:
            self.modules[sink] = answer.stdout.strip()
        self.keep_playing()

    def unplug(self, sink: str):
        """Takes the sink away; whoever listens to its monitor loses it."""
        with self.lock:
            module = self.modules.pop(sink)
        self._pactl("unload-module", module)

    def crash(self):
        """Kills the server."""
        with self.lock:
            self.modules.clear()
        self.process.kill()
        self.process.wait()

    def freeze(self, frozen: bool):
        """Stops the server's process, or lets it go on."""
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def keep_playing(self):
        """Begins the music anew in each sink where it has ended. Call it often."""
        with self.lock:
            for sink in self.modules:
                player = self.players.get(sink)
                if player is None or player.poll() is not None:
                    self.players[sink] = subprocess.Popen(
                        ["paplay", "-d", sink, str(self.music)], env=self.environment, stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        if self.process and self.process.poll() is None:
            self.freeze(False)
            self.process.kill()
            self.process.wait()
        for player in self.players.values():
            if player.poll() is None:
                player.kill()
            player.wait()


class Disk:
    """A small file system for the recordings: ext4 on a loop device, made full, pulled out or broken.

    It needs root. The sessions lie in a folder on it, so that the folder is gone when the disk is.
    """

    SIZE = 192 << 20

    def __init__(self, directory: pathlib.Path):
        self.image = directory / "disk.img"
        self.mount_point = directory / "disk"
        self.sessions = self.mount_point / "sessions"
        self.device = ""

    def make(self):
        self.mount_point.mkdir(exist_ok=True)
        with open(self.image, "wb") as image:
            image.truncate(self.SIZE)
        self._run("mkfs.ext4", "-q", "-F", "-m", "0", str(self.image))
        self.device = self._run("losetup", "--find", "--show", str(self.image)).strip()
        self.mount()
        self.sessions.mkdir()

    def mount(self):
        self._run("mount", "-t", "ext4", self.device, str(self.mount_point))

    def is_mounted(self) -> bool:
        return os.path.ismount(self.mount_point)

    def fill(self):
        """Takes all room that is left."""
        if not self.is_mounted():
            raise RuntimeError("the disk is not mounted, so what would be filled is another")
        with open(self.mount_point / "ballast", "wb", buffering=0) as ballast:
            size = 1 << 20
            while size >= 4096:
                try:
                    ballast.write(b"\0" * size)
                except OSError:
                    size //= 2

    def empty(self):
        (self.mount_point / "ballast").unlink(missing_ok=True)

    def pull(self):
        """Unmounts it under whoever writes: open files go on until they are closed, no new one can be made."""
        self._run("umount", "--lazy", str(self.mount_point))

    def break_down(self):
        """Makes the file system fail: it is read-only from now on, open files too."""
        self._run("mount", "-o", "remount,abort", str(self.mount_point))

    def mend(self):
        """Unmounts the broken file system, checks it and mounts it. Returns whether it could be unmounted."""
        if self.is_mounted():
            subprocess.run(["umount", str(self.mount_point)], capture_output=True)
            if self.is_mounted():
                return False
        # 1: errors were corrected.
        checked = subprocess.run(["fsck.ext4", "-y", "-f", self.device], capture_output=True, text=True)
        if checked.returncode > 1:
            return False
        self.mount()
        return True

    def free(self) -> int:
        return shutil.disk_usage(self.mount_point).free

    def close(self):
        for _ in range(20):
            if not self.is_mounted():
                break
            subprocess.run(["umount", "--lazy", str(self.mount_point)], capture_output=True)
            time.sleep(0.1)
        if self.device:
            subprocess.run(["losetup", "--detach", self.device], capture_output=True)
        self.image.unlink(missing_ok=True)

    @staticmethod
    def _run(*command) -> str:
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {answer.stderr.strip()}")
        return answer.stdout
