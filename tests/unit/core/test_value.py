"""A value refuses what a frozen dataclass refuses, and costs no generated code."""

import copy
import pickle

import pytest

from client_app.core.value import Value, fields_of, with_changes


class Point(Value):
    """Two fields, one with a default."""

    x: int
    y: int = 7


class Other(Value):
    """The same fields in another class."""

    x: int
    y: int = 7


@pytest.mark.parametrize(
    ("positional", "named"),
    [((), {}), ((), {"y": 1}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})],
    ids=["nothing", "missing", "too many", "twice", "unknown"],
)
def test_wrong_fields_are_refused(positional: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*positional, **named)
    with pytest.raises(TypeError, match="no field z"):
        with_changes(Point(1), z=3)


def test_a_value_is_frozen() -> None:
    point = Point(1)
    for name in ("x", "new"):
        with pytest.raises(AttributeError, match=f"Point is frozen: {name}"):
            setattr(point, name, 2)
    with pytest.raises(AttributeError, match="Point is frozen: x"):
        delattr(point, "x")
    assert point.x == 1


def test_equal_by_class_and_fields() -> None:
    assert Point(1) == Point(x=1, y=7)
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert len({Point(1), Point(1, 7), Point(2)}) == 2
    assert repr(Point(1)) == "Point(x=1, y=7)"


def test_copies_keep_the_fields() -> None:
    point = with_changes(Point(1), y=2)
    assert (point.x, point.y) == (1, 2)
    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point
    assert fields_of(Point) == {"x": "<class 'int'>", "y": "<class 'int'>"}
