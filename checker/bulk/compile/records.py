"""Records in SQL: structs of a row, a deal around its influencer, and rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from checker.bulk.compile.sql import FALSE, NO_NUMBER, TRUE, Columns, known
from checker.bulk.compile.values import (
    CERTAIN,
    NOTHING,
    Day,
    LabelWord,
    Number,
    Record,
    RowList,
    Shares,
    Truth,
    Val,
    Word,
)
from checker.bulk.layout import Layout, label_parts, open_ends
from checker.bulk.quote import name_of, number_of, text_of
from checker.language.context import Context
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)


class Reader:
    """Reads the values of one row: knows its layout, and how amounts become the brief's money.

    `root` is the SQL of the whole record, in which amounts find their currency.
    """

    def __init__(self, layout: Layout, root: str, context: Context, columns: Columns) -> None:
        self.layout = layout
        self.root = root
        self.context = context
        self.columns = columns

    def record(self) -> RowRecord:
        """Return the whole record."""
        return RowRecord(self, self.root, self.layout.record, sure=True)

    def value(self, sql: str, field: Field, type_: Type, *, sure: bool) -> Val:
        """Return the value that lies in a column or a member of one; `sure`: it is never NULL."""
        match type_:
            case NumberType():
                return self._number(sql, type_, sure=sure)
            case MoneyType():
                return self._money(sql, type_, field)
            case FlagType():
                return Truth(sql, settled=sure)
            case DateType():
                return Day(sql, sure)
            case TextType(kind="label"):
                key = f"{sql}.k"
                plain = f"{sql}.p" if "p" in label_parts(type_) else key
                return LabelWord(f"{sql}.w", type_.vocabulary, key, plain, sure)
            case TextType():
                return Word(sql, sure)
            case DistributionType():
                return Shares(sql, type_)
            case RecordType():
                return RowRecord(self, sql, type_, sure=sure)
            case ListType():
                return self._list(sql, field, type_)
        raise AssertionError(f"no column for {type(type_).__name__}")

    def _list(self, sql: str, field: Field, type_: ListType) -> RowList:
        item = type_.item
        raw = isinstance(item, TextType)
        return RowList(sql, lambda x: (self.value(x, field, item, sure=True), CERTAIN), raw)

    def _number(self, sql: str, type_: NumberType | MoneyType, *, sure: bool = False) -> Number:
        if not self.layout.is_range(type_):
            return Number(sql, sql, float(type_.low), float(type_.high), sure)
        low, high = open_ends(type_)
        return Number(f"{sql}.low", f"{sql}.high", low, high, sure)

    def _money(self, sql: str, type_: MoneyType, field: Field) -> Val:
        amount, factor = self._number(sql, type_), self.factor(field)
        # Nothing is nothing in any currency.
        zero = f"(CASE WHEN {amount.low} = 0 AND {amount.high} = 0 THEN 0.0::DOUBLE END)"
        if factor is None:
            return Number(zero, zero, 0.0, 0.0)
        dearest = max((1.0, *self.context.rates.values()))
        most, least = dearest * amount.most, min(0.0, dearest * amount.least)
        low = self._times(amount.low, factor, finite=amount.least > -inf)
        low = f"coalesce({low}, {zero})"
        if amount.exact:
            return Number(low, low, least, most)
        high = self._times(amount.high, factor, finite=amount.most < inf)
        return Number(low, f"coalesce({high}, {zero})", least, most)

    def _times(self, end: str, factor: str, *, finite: bool) -> str:
        product = f"({end} * {factor})"
        if finite or all(self.context.rates.values()):
            return product
        return f"(CASE WHEN {factor} = 0 AND {end} IS NOT NULL THEN 0.0::DOUBLE ELSE {product} END)"

    def currency(self, field: Field) -> str:
        """Return the SQL of the currency that a field's amounts are given in."""
        return ".".join((self.root, *map(name_of, field.currency)))

    def factor(self, field: Field) -> str | None:
        """Return what an amount is multiplied by; None where the brief has no currency."""
        if not self.context.currency or not field.currency:
            return None
        rates = {**self.context.rates, self.context.currency: 1.0}
        branches = " ".join(
            f"WHEN {text_of(code)} THEN {number_of(rate)}" for code, rate in rates.items()
        )
        return self.columns.share(f"(CASE {self.currency(field)} {branches} ELSE {NO_NUMBER} END)")


class RowRecord:
    """A struct of the row, or one member of a list of structs; NULL is a record that is absent.

    `sure` says that it is never absent.
    """

    def __init__(self, reader: Reader, sql: str, type_: RecordType, *, sure: bool = False) -> None:
        self.reader = reader
        self.sql = sql
        self.type = type_
        self.sure = sure
        self.members = reader.layout.members(type_)

    def field(self, name: str) -> Val:
        """Return a field's value."""
        if name not in self.members:
            return NOTHING
        field = self.type.fields[name]
        sure = self.sure and field.required
        return self.reader.value(self.raw(name), field, field.type, sure=sure)

    def raw(self, name: str) -> str:
        """Return the SQL of a field as it lies in the row."""
        return f"{self.sql}.{name_of(name)}"

    def held(self, names: tuple[str, ...]) -> str:
        """Return whether the record holds a path."""
        name, *rest = names
        if name not in self.members:
            return FALSE
        inner = self.inner(name)
        if rest:
            return FALSE if inner is None else inner.held(tuple(rest))
        return known(self.raw(name))

    def inner(self, name: str) -> Record | None:
        """Return a field that is a record."""
        value = self.field(name)
        return value if isinstance(value, RowRecord) else None


class Overlaid:
    """A record with some members put in: the deal with its influencer.

    Without `base` it holds nothing but them.
    """

    def __init__(self, base: Record | None, members: Mapping[str, Record]) -> None:
        self.base = base
        self.members = members

    def field(self, name: str) -> Val:
        """Return a field's value."""
        if name in self.members:
            return self.members[name]
        return NOTHING if self.base is None else self.base.field(name)

    def held(self, names: tuple[str, ...]) -> str:
        """Return whether the record holds a path."""
        if names[0] in self.members:
            return TRUE if len(names) == 1 else self.members[names[0]].held(names[1:])
        return FALSE if self.base is None else self.base.held(names)

    def inner(self, name: str) -> Record | None:
        """Return a field that is a record."""
        if name in self.members:
            return self.members[name]
        return None if self.base is None else self.base.inner(name)


def is_record(value: Val) -> bool:
    """Tell whether a compiled value is a record of the row."""
    return isinstance(value, RowRecord | Overlaid)
