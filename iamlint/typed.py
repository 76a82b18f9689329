"""What our modules need of `typing`, without its price, which a person would wait for.

To import `typing` takes as long as a tenth of a small check, and `typing.NamedTuple` compiles the
type of every field and the constructor of every class. Type checkers see the real names; at run
time `NamedTuple` is the plain class below, ten times as quick to make, and the names that only
annotations use stand for nothing. In this module alone what is imported depends on who reads it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true, by its name

if TYPE_CHECKING:
    from typing import Any, ClassVar, NamedTuple, NoReturn, Protocol, cast
else:
    from collections import _tuplegetter  # what reads the fields of any named tuple

    Any = ClassVar = NoReturn = Protocol = object
    _tuple = tuple.__new__

    def cast(_, value):
        """Return the value: only type checkers care what it is taken for."""
        return value

    # what makes a tuple of one field, of two, and so on
    _MAKERS = (
        lambda cls, a: _tuple(cls, (a,)),
        lambda cls, a, b: _tuple(cls, (a, b)),
        lambda cls, a, b, c: _tuple(cls, (a, b, c)),
        lambda cls, a, b, c, d: _tuple(cls, (a, b, c, d)),
        lambda cls, a, b, c, d, e: _tuple(cls, (a, b, c, d, e)),
        lambda cls, a, b, c, d, e, f: _tuple(cls, (a, b, c, d, e, f)),
        lambda cls, a, b, c, d, e, f, g: _tuple(cls, (a, b, c, d, e, f, g)),
        lambda cls, a, b, c, d, e, f, g, h: _tuple(cls, (a, b, c, d, e, f, g, h)),
        lambda cls, a, b, c, d, e, f, g, h, i: _tuple(cls, (a, b, c, d, e, f, g, h, i)),
    )
    _function = type(_MAKERS[0])

    def _maker(fields, defaults):
        """What makes a tuple of these fields: one of the above with their names.

        Twice as quick as to take whatever comes, as `NamedTuple.__new__` does.
        """
        code = _MAKERS[len(fields) - 1].__code__.replace(co_varnames=("cls", *fields))
        return _function(code, {"_tuple": _tuple}, "__new__", defaults)

    class _Fields(type):
        """Turns the annotations in the body of a class into the fields of its tuples."""

        def __new__(cls, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            body |= {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            body |= {"_fields": fields, "_size": len(fields), "_field_defaults": defaults}
            body |= {"_defaults": tuple(defaults.values()), "__match_args__": fields}
            body["__slots__"] = ()
            if 0 < len(fields) <= len(_MAKERS):
                body["__new__"] = _maker(fields, body["_defaults"])
            return type.__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Fields):
        """`typing.NamedTuple`, as far as iamlint uses it."""

        def __new__(cls, *values, **named):
            missing = cls._size - len(values)
            if not missing and not named:  # nearly all there are
                return _tuple(cls, values)
            if named:
                values = _filled(cls, values, named)
            elif 0 < missing <= len(cls._defaults):
                values += cls._defaults[-missing:]
            elif missing:
                raise _other_values(cls)
            return _tuple(cls, values)

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            values = (f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({', '.join(values)})"

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changed):
            values = _tuple(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changed)}")
            return values

    def _filled(cls, values, named):
        """All values of a tuple that was given some of them by name."""
        rest = cls._fields[len(values) :]
        known = cls._field_defaults | named
        if not (known.keys() >= set(rest) >= named.keys()):
            raise _other_values(cls)
        return values + tuple([known[field] for field in rest])

    def _other_values(cls):
        return TypeError(f"{cls.__name__}({', '.join(cls._fields)}) was given other values")


__all__ = ["Any", "ClassVar", "NamedTuple", "NoReturn", "Protocol", "cast"]
