# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a result: what was measured, with its least, median and most, and whether the targets were reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

from ansible_collections.invmon.network.tests.bench import heads
from ansible_collections.invmon.network.tests.bench.figures import (
    ROOMS,
    Spread,
    Target,
    grouped,
    metric,
    ratio,
    times,
)

OURS, OLDER = "invmon.network", "inventory-monitor-scripts"
WIDTH = 100

SNMP_TARGET = Target("SNMP requests a device, median", 12, 12)
NETBOX_TARGET = Target("NetBox requests a device at 300", 0.25, 0.25)
CPU_TARGET = Target("CPU on the controller a device", 30, 40, unit="ms")
GROWTH_TARGET = Target("1,000 devices against linear from 100", 1.15, 1.15)
MEMORY_TARGET = Target("memory of all processes at 5,000", 1024, 1024, unit="MB")
TASKS_TARGET = Target("host-tasks a device", 2, 2)
DEAD_TARGET = Target("10 % dead devices against none", 1.6, 1.6)
V3_TARGET = Target("v3 authPriv against v2c", 1.3, 1.3)
CHECK_TARGET = Target("check mode against the run it previews", 1.0, 1.05)
FLOOR_TARGET = Target("first less collecting against floor", 1.3, 1.3)
QUIET_TARGET = Target("quiet night of 1,000 devices", 30, 30, unit="s")
ROWS_TARGET = Target("quiet rows against 1 a device + 1/6", 1.1, 1.1)
#: The older tool's run that is held against each of ours: to it a night without changes is as any other.
OLDER_KIND = {"first": "first", "second": "second", "quiet": "second"}

Groups = Mapping[tuple[Any, ...], Sequence[Mapping[str, Any]]]


def show(result: Mapping[str, Any]) -> None:
    """Print the whole of it."""
    print()
    print("\n".join(lines(result)))


def lines(result: Mapping[str, Any]) -> Iterator[str]:
    """The table, line by line, none longer than WIDTH."""
    groups = grouped(result["runs"])
    machine, versions, options = result["machine"], result["versions"], result["options"]
    yield "=" * WIDTH
    yield f"{machine['cores']} cores ({machine['cpu'] or 'unknown'}), {machine['memory_mb'] // 1024} GB"[:WIDTH]
    yield (
        f"Python {versions['python']}, ansible-core {versions.get('ansible-core')}, {options['forks']} forks; NetBox: "
        f"{result['netbox']}; agents: {options['latency_ms']:g} ms, {result['farm']}"
    )[:WIDTH]
    if machine.get("load", 0) > machine["cores"] / 2:
        yield f"The machine had other work (load {machine['load']:.1f} at the start): trust CPU and ratios."
    yield "=" * WIDTH
    yield from _asked(groups)
    for size, scenario in dict.fromkeys((key[0], key[1]) for key in groups):
        if scenario != "asked":
            yield from _size(groups, size, scenario)
    for scenario in ("plain", "batch"):
        if any(key[1] == scenario for key in groups):
            yield from _targets(groups, scenario)
    if "profiles" in result:
        yield ""
        yield from wrap(heads.sentence(result["profiles"]), WIDTH)
    for note in result["notes"]:
        yield f"Note: {note}"


def _head(title: str, beside: str = "") -> str:
    return f"\n{title:<44}{'least':>10}{'median':>10}{'most':>10}  {beside}".rstrip()


def _line(title: str, spread: Spread | None, unit: str = "", digits: int = 1, beside: str = "") -> Iterator[str]:
    if spread:
        numbers = "".join(f"{value:>10,.{digits}f}" for value in (spread.least, spread.median, spread.most))
        yield f"{f'{title}, {unit}' if unit else title:<44}{numbers}  {beside}".rstrip()


def _asked(groups: Groups) -> Iterator[str]:
    found = {key[2]: runs for key, runs in groups.items() if key[1] == "asked"}
    if not found:
        return
    yield f"\n{'What one device is asked (median of the boxes; most)':<58}{'requests':>20}{'octets both ways':>20}"
    for tool, runs in found.items():
        snmp = runs[0]["snmp"]
        requests = f"{snmp['requests']:g}; {snmp['requests_most']:g}"
        octets = f"{snmp['octets']:,.0f}; {snmp['octets_most']:,.0f}"
        yield f"  {tool:<56}{requests:>20}{octets:>20}"


def _size(groups: Groups, size: int, scenario: str) -> Iterator[str]:
    kinds = {kind: runs for (n, s, tool, kind), runs in groups.items() if (n, s, tool) == (size, scenario, OURS)}
    beside = "plain" if scenario in ("plain", "batch") else ""
    older = {kind: _older(groups, size, of) if beside else None for kind, of in OLDER_KIND.items()}
    estimated = not any(key[:3] == (size, "plain", OLDER) for key in groups)
    rows = max((run["rows"] for runs in kinds.values() for run in runs), default=0)
    title = f"{size:,} devices, {rows:,} parts" + ("" if scenario == "plain" else f" ({scenario})")
    yield _head(title, "older by ours" if any(older.values()) else "")
    for kind, runs in kinds.items():
        yield from _line(f"  {kind}", metric(runs, "seconds"), "s", beside=_beside(runs, older.get(kind), estimated))
    for kind in ("first", "second") if scenario == "plain" else ():
        yield from _line(f"  {OLDER}: {kind}", older[kind], "s", beside="in proportion" if estimated else "")
    yield from _floors(kinds)
    for kind, runs in kinds.items():
        if kind in OLDER_KIND:
            yield from _costs(kind, size, runs) if scenario in ("plain", "batch") else _few_costs(size, runs)


def _beside(runs: Sequence[Mapping[str, Any]], older: Spread | None, estimated: bool) -> str:
    by = ratio(older, metric(runs, "seconds"))
    return f"{'about ' if estimated else ''}{by:.1f} x" if by else ""


def _older(groups: Groups, size: int, kind: str) -> Spread | None:
    """Seconds of the older tool; of a size at which it did not run, in proportion to the next smaller one."""
    sizes = [n for n, scenario, tool, of in groups if (scenario, tool, of) == ("plain", OLDER, kind) and n <= size]
    if not sizes:
        return None
    measured = metric(groups[(max(sizes), "plain", OLDER, kind)], "seconds")
    return times(measured, size / max(sizes))


def _floors(kinds: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """How many times a run takes what it cannot do without."""
    found = {kind: runs for kind, runs in kinds.items() if metric(runs, "floor", "seconds")}
    if not found:
        return
    yield f"\n  {'what a run cannot do without':<38}" + "".join(f"{kind:>20}" for kind in found)

    def line(title: str, *path: str) -> str:
        cells = []
        for runs in found.values():
            under, whole = metric(runs, *path), metric(runs, "seconds")
            by = ratio(whole, under)
            cells.append(f"{under.median:.2f} s, {by:.1f} x" if under and by else "-")
        return f"    {title:<36}" + "".join(f"{cell:>20}" for cell in cells)

    yield line("NetBox, its requests alone (floor)", "floor", "seconds")
    yield line("  to read rows", "floor", "reading")
    yield line("  to write rows", "floor", "writing")
    yield line("the device that takes longest", "snmp", "seconds_most")
    yield line("ansible-playbook without a task", "nothing")
    cells = [f"{value:.2f} x" if (value := over_floor(runs)) else "-" for runs in found.values()]
    yield f"    {'run less collecting, by the floor':<36}" + "".join(f"{cell:>20}" for cell in cells)
    cells = [
        f"{one['created']:,} new, {one['changed']:,} changed"
        for one in (runs[0]["netbox"]["written"] for runs in found.values())
    ]
    yield f"    {'rows':<36}" + "".join(f"{cell:>20.19}" for cell in cells)
    refused = sum(run["floor"]["refused"] for runs in found.values() for run in runs if "floor" in run)
    if refused:
        yield f"    {refused} of the requests were refused when they were sent again: the floor is too low."


def over_floor(runs: Sequence[Mapping[str, Any]]) -> float | None:
    """How many times what a run takes besides collecting is the floor: in pairs, the median of these."""
    pairs = [
        (run["seconds"] - run["rooms"]["collect"]["seconds"]) / run["floor"]["seconds"]
        for run in runs
        if run.get("floor", {}).get("seconds")
    ]
    spread = Spread.of(pairs)
    return spread.median if spread else None


def _each(size: int, runs: Sequence[Mapping[str, Any]], *path: str) -> Spread | None:
    """Milliseconds for each device."""
    return times(metric(runs, *path), 1000 / size)


def _few_costs(size: int, runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _line("    CPU a device, in all", _each(size, runs, "cpu", "all"), "ms")
    yield from _line("    memory of all processes, peak", metric(runs, "memory", "all"), "MB", 0)
    yield from _line("    time in collect", metric(runs, "rooms", "collect", "seconds"), "s", 2)


def _costs(kind: str, size: int, runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"  {kind} run, on the controller"
    yield from _line("    CPU a device, in all", _each(size, runs, "cpu", "all"), "ms")
    yield from _line("      main process of ansible-playbook", _each(size, runs, "cpu", "main"), "ms")
    yield from _line("      its forks", _each(size, runs, "cpu", "forks"), "ms")
    if any(run["cpu"]["others"] for run in runs):
        yield from _line("      other programs", _each(size, runs, "cpu", "others"), "ms")
    yield from _line("    memory of all processes, peak (PSS)", metric(runs, "memory", "all"), "MB", 0)
    yield from _line("      private to one process (USS)", metric(runs, "memory", "own"), "MB", 0)
    yield from _line("    talking to a device, median", metric(runs, "snmp", "seconds"), "s", 2)
    yield from _line("    talking to the slowest device", metric(runs, "snmp", "seconds_most"), "s", 2)
    yield from _line("    NetBox requests", metric(runs, "netbox", "requests"), "", 0)
    yield from _line("    waiting for NetBox", metric(runs, "netbox", "busy"), "s")
    yield from _line("      which reads rows", metric(runs, "netbox", "reading"), "s")
    yield from _line("      which writes rows", metric(runs, "netbox", "writing"), "s")
    if any(run.get("netbox_cpu") for run in runs):
        yield from _line("    next to it: CPU of NetBox", metric(runs, "netbox_cpu"), "s")
    yield from _line("    next to it: CPU of the farm", metric(runs, "farm_cpu"), "s")
    total = metric(runs, "seconds")
    # If it is not known when NetBox was first asked, the two are one.
    split = any((run["rooms"]["merge"]["seconds"] if "rooms" in run else 0) for run in runs)
    for room in ROOMS:
        spread = metric(runs, "rooms", room, "seconds")
        if spread and total and total.median and (split or room != "merge"):
            cpu = [metric(runs, "rooms", room, name) for name in ("main", "forks")]
            used = " + ".join(f"{one.median:.{1 if one.median < 100 else 0}f}" for one in cpu if one)
            share = f"{100 * spread.median / total.median:3.0f} %  CPU {used}"
            title = "merge and upload" if room == "upload" and not split else room
            yield from _line(f"    time in {title}", spread, "s", 2, share if room != "merge" else share[:5])
    peaks = {room: metric(runs, "rooms", room, "memory") for room in ROOMS}
    words = [f"{room} {peak.median:,.0f}" for room, peak in peaks.items() if peak and peak.median]
    if words:
        yield f"    memory, MB: {', '.join(words)}"


def _targets(groups: Groups, scenario: str) -> Iterator[str]:
    title = "Targets" if scenario == "plain" else "Targets, one task for all devices (batch)"
    yield f"\n{title:<46}{'measured':>12}{'target (bar)':>15}  verdict"
    for target, value, where in _measured(groups, scenario):
        aim = f"{target.goal:g}" + (f" ({target.limit:g})" if target.limit != target.goal else "")
        number = "-" if value is None else f"{value:,.2f} {target.unit or ('x' if 'against' in target.what else '')}"
        verdict = target.verdict(value) if value is not None else f"needs {where}"
        yield f"  {target.what:<44}{number.strip():>12}{f'{aim} {target.unit}'.strip():>15}  {verdict}"


def _measured(groups: Groups, scenario: str) -> Iterator[tuple[Target, float | None, str]]:
    """Each target with what was measured, and how to measure it."""
    wanted = {OURS: scenario, OLDER: "plain"}
    plain = {(size, tool, kind): runs for (size, name, tool, kind), runs in groups.items() if name == wanted[tool]}

    def of(size: int, kind: str, *path: str, tool: str = OURS) -> Spread | None:
        return metric(plain.get((size, tool, kind), ()), *path)

    for size, limit, quiet_goal in ((60, 10, 20), (300, 15, 25)):
        for kind, other in OLDER_KIND.items():
            by = ratio(_older(groups, size, other), of(size, kind, "seconds"))
            aim = (quiet_goal, quiet_goal) if kind == "quiet" else (20, limit)
            where = "both tools" if any(size == n for n, _tool, _kind in plain) else f"SIZES={size}"
            yield Target(f"{size} devices, {kind}, older tool against us", *aim, True), by, where
    for size in sorted({n for n, tool, _kind in plain if tool == OURS}) or [60]:
        target = replace(FLOOR_TARGET, what=f"{size:,}: {FLOOR_TARGET.what}")
        yield target, over_floor(plain.get((size, OURS, "first"), ())), "such runs"
        target = replace(ROWS_TARGET, what=f"{size:,}: {ROWS_TARGET.what}")
        yield target, _rows_over_target(size, plain.get((size, OURS, "quiet"), ())), "such runs"
    quiet = of(1000, "quiet", "seconds")
    yield QUIET_TARGET, quiet.median if quiet else None, "SIZES=1000"
    asked = next((runs[0]["snmp"]["requests"] for key, runs in groups.items() if key[1:3] == ("asked", OURS)), None)
    yield SNMP_TARGET, asked, "such runs"
    requests = [of(300, kind, "netbox", "requests") for kind in ("first", "second")]
    yield NETBOX_TARGET, max((one.median / 300 for one in requests if one), default=None), "SIZES=300"
    sizes = sorted({size for size, tool, _kind in plain if tool == OURS})
    largest = sizes[-1] if sizes else 0
    for kind in ("first", "second"):
        cpu = of(largest, kind, "cpu", "all")
        target = replace(CPU_TARGET, what=f"CPU a device at {largest:,}, {kind}")
        yield target, 1000 * cpu.median / largest if cpu else None, "such runs"
    yield from _growth(of, sizes)
    memory = [of(5000, kind, "memory", "all") for kind in ("first", "second")]
    yield MEMORY_TARGET, max((one.most for one in memory if one), default=None), "SIZES=5000"
    tasks = of(largest, "first", "host_tasks", "total")
    yield TASKS_TARGET, tasks.most / largest if tasks else None, "such runs"
    if scenario == "plain":
        yield DEAD_TARGET, _scenarios(groups, "some dead", "none dead"), "DEAD=10"
        yield V3_TARGET, _scenarios(groups, "v3", "v2c"), "V3=1"
    for check, kind in (("check", "first"), ("check quiet", "second")):
        target = replace(CHECK_TARGET, what=f"check against the {kind} run, {largest:,}")
        yield target, ratio(of(largest, check, "seconds"), of(largest, kind, "seconds")), "such runs"


def _rows_over_target(size: int, runs: Sequence[Mapping[str, Any]]) -> float | None:
    """Rows that a quiet night wrote, by one a device and a sixth of the others."""
    changed = metric(runs, "netbox", "written", "changed")
    rows = metric(runs, "rows")
    return changed.median / (size + (rows.median - size) / 6) if changed and rows else None


def _growth(of: Any, sizes: Sequence[int]) -> Iterator[tuple[Target, float | None, str]]:
    """Time and memory against linear, from the smallest size of 100 or more to each larger one."""
    base = next((size for size in sizes if size >= 100), None)
    larger = [size for size in sizes if base and size > base] or [1000 if base != 1000 else 5000]
    for size in larger:
        for name, path in (("time", ("seconds",)), ("memory", ("memory", "all"))):
            found = [ratio(of(size, kind, *path), of(base, kind, *path)) for kind in ("first", "second") if base]
            known = [one for one in found if one]
            target = replace(GROWTH_TARGET, what=f"{name} at {size:,} against linear from {base or 100}")
            yield target, max(known) / (size / base) if known and base else None, 'SIZES="100 1000"'


def _scenarios(groups: Groups, one: str, other: str) -> float | None:
    """The first run in one scenario against the same in another, at the largest size that has both."""
    both: list[float] = []
    for size, scenario, tool, kind in groups:
        if scenario == one and kind == "first":
            by = ratio(
                metric(groups[(size, one, tool, kind)], "seconds"),
                metric(groups.get((size, other, tool, kind), ()), "seconds"),
            )
            both += [by] if by else []
    return both[-1] if both else None
