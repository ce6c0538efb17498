"""What removing deletes and what it leaves, worked out by looking, in the order in which it is deleted.

Rule: a path is planned only if it is ours: named by the installer's list and unchanged, one of the program's own user
files, or a folder of ours in which nothing but planned things lies.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from client_app.services.owned import Installation, OwnedFile
from client_app.services.paths import Folders
from client_app.services.safe_delete import Kind, Tree


@dataclass(frozen=True)
class Step:
    """One thing to delete: `path` below `base`, which is opened without following links from there on."""

    base: Path
    path: str
    is_folder: bool = False
    is_list: bool = False

    @property
    def place(self) -> Path:
        """The absolute path."""
        return self.base / self.path


@dataclass
class Plan:
    """Steps in order; `left` names what is or may be ours and stays; `own` are the folders that are wholly ours."""

    steps: list[Step] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    own: tuple[Path, ...] = ()

    @property
    def places(self) -> frozenset[Path]:
        """Everything that goes."""
        return frozenset(step.place for step in self.steps)


def make_plan(installation: Installation, folders: Folders, *, keep: frozenset[Path] = frozenset()) -> Plan:
    """Look at everything and return the plan.

    Args:
        installation: from the list.
        folders: the user's.
        keep: user files that must stay although they are ours.

    Raises:
        OSError: the base cannot be looked at.
    """
    base = installation.base
    own = [_real(base / installation.program), *map(_real, folders.own_folders())]
    plan = Plan(own=tuple(f for f in dict.fromkeys(own) if not any(outer in f.parents for outer in own)))
    states: dict[str, list[OwnedFile]] = {}
    for owned in installation.files:
        states.setdefault(owned.path, []).append(owned)
    with Tree(base) as tree:
        for path, ours in states.items():
            _plan_owned(plan, tree, path, ours)
    for file in folders.own_files():
        step = Step(_real(file.parent).parent, f"{file.parent.name}/{file.name}")
        if file not in keep and _look(step) in (Kind.FILE, Kind.LINK):
            plan.steps.append(step)
    _plan_folders(plan, installation, folders)
    plan.left += _strangers(plan)
    return plan


def execute(plan: Plan) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Delete step by step, then look. The list stays when something of ours could not be deleted: for the next try.

    Returns:
        What is gone, and what is left of ours or in our folders.
    """
    for number, step in enumerate(plan.steps):
        if not (step.is_list and any(map(_is_stuck, plan.steps[:number]))):
            _delete(step)
    still = [step.place for step in plan.steps if _look(step) is not Kind.ABSENT]
    removed = tuple(step.place for step in plan.steps if step.place not in still)
    shared = [place for place in still if not any(own in place.parents for own in plan.own)]
    changed = [place for place in plan.left if _may_be_there(place)]
    left = dict.fromkeys([*changed, *shared, *_strangers(Plan(own=plan.own))])
    return removed, tuple(sorted(left))


def _delete(step: Step) -> None:
    with contextlib.suppress(OSError), Tree(step.base) as tree:
        _ = tree.delete_folder(step.path) if step.is_folder else tree.delete_file(step.path)


def _is_stuck(step: Step) -> bool:
    return not step.is_folder and _look(step) is not Kind.ABSENT


def _plan_owned(plan: Plan, tree: Tree, path: str, states: Iterable[OwnedFile]) -> None:
    """Plan one path if it is in one of the states in which it is ours."""
    seen = tree.look(path)
    if seen.kind is Kind.ABSENT:
        return
    if seen.kind is Kind.LINK:
        is_ours = any(seen.target == state.link for state in states)
    else:
        sizes = {state.size for state in states if state.link is None}
        found = tree.sha256(path) if seen.kind is Kind.FILE and seen.size in sizes else None
        is_ours = found is not None and any(found == state.sha256 for state in states)
    if is_ours:
        plan.steps.append(Step(tree.base, path))
    else:
        plan.left.append(tree.base / path)


def _plan_folders(plan: Plan, installation: Installation, folders: Folders) -> None:
    """Plan the folders that will be empty, the inner first, and the list as late as can be."""
    base, program = installation.base, installation.base / installation.program
    made = [Step(base, path, True) for path in {*installation.folders, installation.program}]
    users = [Step(_real(f).parent, f.name, True) for f in folders.own_folders()]
    candidates = {step.place: step for step in (*users, *made)}
    ordered = sorted(candidates.values(), key=lambda step: (-len(step.place.parts), str(step.place)))
    around = {program, *program.parents}
    for step in ordered:
        if step.place not in around:
            _plan_if_empty(plan, step)
    the_list = Step(base, installation.list_path, is_list=True)
    if _look(the_list) is Kind.FILE:
        plan.steps.append(the_list)
    for step in ordered:
        if step.place in around:
            _plan_if_empty(plan, step)


def _plan_if_empty(plan: Plan, step: Step) -> None:
    if _look(step) is not Kind.FOLDER:
        return
    with Tree(step.base) as tree:
        names = tree.names(step.path)
    going = plan.places
    if all(step.place / name in going for name in names):
        plan.steps.append(step)


def _strangers(plan: Plan) -> list[Path]:
    """Return what lies in our own folders and is not planned: files, links, and folders with nothing in them."""
    going, found = plan.places, []
    for folder in plan.own:
        try:
            with Tree(folder) as tree:
                everything = [(path, kind, tree.names(path)) for path, kind in tree.everything("")]
        except FileNotFoundError:
            continue
        except OSError:
            # A link, a file or a folder that cannot be read stands where our folder was.
            found.append(folder)
            continue
        for path, kind, inner in everything:
            place = folder / path
            if place not in going and place not in plan.left and not (kind is Kind.FOLDER and inner):
                found.append(place)
    return found


def _look(step: Step) -> Kind:
    try:
        with Tree(step.base) as tree:
            return tree.look(step.path).kind
    except FileNotFoundError:
        return Kind.ABSENT
    except OSError:
        return Kind.UNREACHABLE


def _may_be_there(place: Path) -> bool:
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _real(folder: Path) -> Path:
    """Return a folder with its parents' links resolved; whether it is a link itself is looked at later."""
    return folder.parent.resolve() / folder.name


def texts(places: Iterable[Path]) -> tuple[str, ...]:
    """Return paths as text, for people."""
    return tuple(str(place) for place in places)
