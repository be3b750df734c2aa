# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line."""

import argparse
import contextlib
import os
import signal
import sys
import traceback

from . import hvm, images, lock, machine, overlay, results
from .cache import Cache, default_directory
from .errors import EXIT_LAB_FAILED, BootError, Interrupted, LabError, describe_os_error
from .guests import parse_guest
from .kernel import read_hypervisor
from .progress import Progress
from .releases import DEFAULT_RELEASE, RELEASES
from .session import Console, Session
from .version import version

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Parser(argparse.ArgumentParser):
    """argparse, with xenlab's exit status and one line an error."""

    def error(self, message):
        raise LabError(f"{message} (see `{self.prog} --help`)")


def main(arguments):
    """Runs xenlab and returns its exit status."""
    for signum in _SIGNALS:
        signal.signal(signum, _interrupt)
    try:
        options = parse(arguments)
        return options.action(options)
    except LabError as error:
        return _report(str(error), error.log)
    except BrokenPipeError:
        # Whoever read the output has gone; that is not worth a message.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        return _report(describe_os_error(error))
    except MemoryError:
        return _report("not enough memory on this host")
    except Interrupted as interrupted:
        return _die_of(interrupted.signum)
    except Exception:  # pylint: disable=broad-except
        # A defect of xenlab, which must not pass for a failure of COMMAND.
        return _report("internal error; please report it", traceback.format_exc().splitlines())


def parse(arguments):
    """The options, checked as far as that goes without looking at the host."""
    options = _parser().parse_args(arguments)
    if options.action is _run:
        options.guests = [parse_guest(text)._replace(passthrough=options.iommu)
                          for text in options.guest]
        if options.hvm or any(guest.kind == "hvm" for guest in options.guests):
            hvm.check_known(RELEASES[options.tools or options.xen])
        options.puts = [
            *(_parse_put("--put", text, True) for text in options.put),
            *(_parse_put("--put-dom0", text, False) for text in options.put_dom0)]
    return options


def _parser():
    parser = _Parser(prog="xenlab", description="Boots a real Xen in software emulation and "
                     "runs commands in dom0 and in guests.")
    parser.add_argument("--version", action="version", version=f"xenlab {version()}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_run(verbs)
    _add_fetch(verbs)
    for name, action, text in (("list", _list, "show the known releases of Xen and whether "
                                "they are in the cache"),
                               ("clean", _clean, "remove the cache")):
        verb = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
        _add_cache(verb)
        verb.set_defaults(action=action)
    return parser


def _add_run(verbs):
    text = "boot Xen and run COMMAND in dom0"
    run = verbs.add_parser("run", help=text, description=text, allow_abbrev=False)
    run.add_argument("--xen", metavar="VERSION", choices=RELEASES, default=DEFAULT_RELEASE,
                     help="release of Xen and its tools: %(choices)s (default %(default)s)")
    run.add_argument("--tools", metavar="VERSION", choices=RELEASES,
                     help="release of the tools, if another: for libraries that can do that")
    run.add_argument("--guest", metavar="TYPE[:mem=MIB][,vcpus=N]", action="append", default=[],
                     help="start a guest (pv, pvh or hvm) before COMMAND; may repeat: g1, g2, …")
    run.add_argument("--hvm", action="store_true",
                     help="have what HVM guests need in dom0, even without such a --guest")
    run.add_argument("--iommu", action="store_true",
                     help="a machine with an IOMMU and a PCI device to pass on, 0000:00:05.0")
    run.add_argument("--put", metavar="FILE[:DEST]", action="append", default=[],
                     help="put a file or directory into dom0 and the guests, with the "
                     "libraries it needs (default DEST: /root/NAME)")
    run.add_argument("--put-dom0", metavar="FILE[:DEST]", action="append", default=[],
                     help="the same, but not into the guests")
    run.add_argument("--get", metavar="PATH", action="append", default=[],
                     help="bring a file back from dom0 after COMMAND; may be a pattern")
    run.add_argument("--out", metavar="DIR", default=".",
                     help="where --get puts the files (default: the current directory)")
    run.add_argument("--lib", metavar="DIR", help="lay the shared libraries in DIR over "
                     "upstream's; those stay in /opt/upstream/lib")
    run.add_argument("--xen-image", metavar="FILE", help="boot this hypervisor instead; the "
                     "tools stay those of --xen")
    run.add_argument("--xen-append", metavar="OPTIONS", default="",
                     help="more for the hypervisor's command line")
    run.add_argument("--timeout", metavar="S", type=_positive(float), default=900,
                     help="seconds COMMAND may take (default %(default)s)")
    run.add_argument("--boots", metavar="N", type=_positive(int), default=1,
                     help="boot again, N times in all, if the machine does not come as far as "
                     "COMMAND (default %(default)s)")
    run.add_argument("--console", metavar="FILE", help="save Xen's and dom0's console")
    run.add_argument("--mem", metavar="MIB", type=_positive(int),
                     help="memory of the machine (default: what dom0 and the guests need)")
    run.add_argument("--cpus", metavar="N", type=_positive(int), default=2,
                     help="processors of the machine (default %(default)s)")
    _add_cache(run)
    run.add_argument("command", metavar="-- COMMAND", nargs=argparse.REMAINDER,
                     help="the command and its arguments")
    run.set_defaults(action=_run)


def _add_fetch(verbs):
    text = "fill the cache, so that later runs need no network"
    fetch = verbs.add_parser("fetch", help=text, description=text, allow_abbrev=False)
    fetch.add_argument("--xen", metavar="VERSION", choices=RELEASES, action="append",
                       help="a release of Xen (default: all of %(choices)s); may repeat")
    fetch.add_argument("--hvm", action="store_true",
                       help="also what HVM guests need (about as much again)")
    _add_cache(fetch)
    fetch.set_defaults(action=_fetch)


def _add_cache(verb):
    verb.add_argument("--cache", metavar="DIR", default=default_directory(),
                      help="the cache (default: %(default)s)")


def _positive(kind):
    def convert(text):
        value = kind(text)
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(f"'{text}' is not a positive number")
        return value
    convert.__name__ = "number"
    return convert


def _parse_put(option, text, in_guests):
    path, colon, place = text.rpartition(":")
    # A file whose own name holds a colon is taken as it is.
    if not colon or os.path.exists(text):
        path, place = text, ""
    if not os.path.exists(path):
        raise LabError(f"{option} {text}: no such file: {path}")
    if not place:
        place = f"/root/{os.path.basename(os.path.abspath(path))}"
    if not place.startswith("/"):
        raise LabError(f"{option} {text}: DEST must start with /")
    return overlay.Put(path, place, in_guests)


def _run(options):
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LabError("run: no COMMAND (see `xenlab run --help`)")
    for name, path in (("--lib", options.lib), ("--out", options.out)):
        if path is not None and not os.path.isdir(path):
            raise LabError(f"{name} {path}: no such directory")
    progress = Progress()
    try:
        with contextlib.ExitStack() as run:
            boot = _prepare(options, command, progress, run)
            run.enter_context(lock.boot_lock(
                lambda: progress.step("waiting for another xenlab on this machine")))
            return _boot_until_it_runs(options, boot, progress)
    finally:
        progress.clear()


def _prepare(options, command, progress, run):
    """Everything that can be done, and can fail, before the machine is ours."""
    cached = images.Images(Cache(options.cache), progress)
    tools = options.tools or options.xen
    hypervisor = os.path.join(cached.xen(options.xen), "xen.elf")
    xen, kernels = cached.xen(tools), cached.kernels()
    if options.xen_image:
        image = run.enter_context(_memory_file(read_hypervisor(options.xen_image)))
        hypervisor = f"/dev/fd/{image.fileno()}"
    layer = overlay.Overlay(tools, xen, options.puts, options.lib)
    guest_root = b""
    if options.guests:
        guest_root = b"".join([_read(xen, "guest.cpio"), _read(kernels, "guest-modules.cpio"),
                               layer.guest_archive()])
    files = overlay.guest_files(options.guests, kernels, guest_root)
    initramfs = [_read(xen, "dom0.cpio"), _read(kernels, "dom0-modules.cpio")]
    if options.hvm or any(guest.kind == "hvm" for guest in options.guests):
        initramfs.append(_read(cached.hvm(tools), "dom0-hvm.cpio"))
    initramfs.append(layer.dom0_archive(command, options.get, options.guests, files))
    console = run.enter_context(open(options.console, "wb")) if options.console else None
    return hypervisor, os.path.join(kernels, "dom0-kernel"), initramfs, console


def _boot_until_it_runs(options, boot, progress):
    for attempt in range(1, options.boots + 1):
        progress.step("booting Xen")
        try:
            return _boot(options, boot, progress)
        except BootError as error:
            if attempt == options.boots:
                raise
            progress.clear()
            _complain(f"{error}; booting again ({attempt + 1} of {options.boots})")


def _boot(options, boot, progress):
    hypervisor, kernel, initramfs, console = boot
    size = sum(map(len, initramfs))
    least = machine.memory_for_dom0(size)
    if options.mem and options.mem < least:
        raise LabError(f"--mem {options.mem}: Xen and dom0 alone need {least} MiB here")
    memory = {"dom0": machine.dom0_memory(size),
              "machine": options.mem or machine.memory_needed(options.guests, size)}
    with contextlib.ExitStack() as running:
        qemu = machine.Machine(hypervisor, kernel, initramfs, memory, options.cpus,
                               options.iommu, options.xen_append)
        running.callback(qemu.stop)
        result = Session(qemu, Console(console), progress, options.timeout).run()
        running.callback(result.archive.close)
        if options.get:
            results.extract(result.archive, options.out)
    progress.clear()
    for path in result.missing:
        _complain(f"--get {path}: not there in dom0")
    return result.status or (EXIT_LAB_FAILED if result.missing else 0)


def _fetch(options):
    progress = Progress()
    try:
        cached = images.Images(Cache(options.cache), progress)
        cached.kernels()
        for version in options.xen or RELEASES:
            cached.xen(version)
            if options.hvm and RELEASES[version].hvm_packages:
                cached.hvm(version)
    finally:
        progress.clear()
    return 0


def _list(options):
    cache = Cache(options.cache)
    kernels = cache.entry(images.kernel_entry())
    for version, release in RELEASES.items():
        ready = kernels and cache.entry(images.xen_entry(version))
        default = ", default" if version == DEFAULT_RELEASE else ""
        print(f"{version}  from Debian {release.xen_suite}{default}: "
              f"{'cached' if ready else 'not cached'}")
    return 0


def _clean(options):
    Cache(options.cache).clean()
    return 0


def _memory_file(data):
    file = open(os.memfd_create("xenlab-hypervisor"), "w+b")
    file.write(data)
    file.flush()
    return file


def _read(directory, name):
    with open(os.path.join(directory, name), "rb") as file:
        return file.read()


def _interrupt(signum, _frame):
    raise Interrupted(signum)


def _die_of(signum):
    # As the shell expects of a program that was interrupted.
    signal.signal(signum, signal.SIG_DFL)
    os.kill(os.getpid(), signum)
    return 128 + signum


def _complain(message):
    print(f"xenlab: {message}", file=sys.stderr)


def _report(message, log=()):
    _complain(message)
    for line in log:
        print(f"  {line}", file=sys.stderr)
    return EXIT_LAB_FAILED
