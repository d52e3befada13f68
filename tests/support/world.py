# SPDX-License-Identifier: GPL-2.0-or-later
"""What every test over hosts of its own needs: processes in their networks, a wait for what becomes true, and an end for all of it."""
import atexit, os, subprocess, time


class World:
    HOSTS = ()  # each in a network namespace of its own, removed at the end

    def __init__(self):
        self.id, self.processes = f'konseki-{os.getpid()}', []
        atexit.register(self.close)

    def name(self, host):
        """Its namespace."""
        return f'{self.id}-{host}'

    def start(self, host, *words, **more):
        """A process in a host's network, in a session of its own: Apache signals its whole group."""
        process = subprocess.Popen(['ip', 'netns', 'exec', self.name(host), *words], start_new_session=True, **{'stdin': subprocess.DEVNULL, **more})
        self.processes.append(process)
        return process

    @staticmethod
    def wait(holds, what, seconds):
        """Polls; RuntimeError where it does not come true in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = holds()
            if value:
                return value
            time.sleep(0.05)
        raise RuntimeError(f'after {seconds} s still not: {what}')

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []
        for host in self.HOSTS:
            subprocess.run(['ip', 'netns', 'del', self.name(host)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
