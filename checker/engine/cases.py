"""The subjects of a campaign as rules see them: bound records, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.engine.authors import author_of
from checker.engine.outcomes import Case
from checker.engine.places import Records
from checker.engine.prepared import Desk
from checker.model.frozen import dataclass
from checker.model.records import Campaign, Entry, Record
from checker.model.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Deal:
    """An entry of the shortlist that counts; `case` is None where its record cannot be used."""

    entry: Entry
    case: Case | None


class Cases:
    """Makes the cases of one campaign; dropped deals have none."""

    def __init__(self, campaign: Campaign, desk: Desk) -> None:
        self.campaign = campaign
        self.desk = desk
        self.common = {"brief": campaign.brief, "brand": campaign.brand}
        self.deals = [
            Deal(entry, self._deal(entry)) for entry in campaign.shortlist if not entry.dropped
        ]

    def bind(self, record: Record) -> Mapping[str, Value]:
        """Return a record as values."""
        return self.desk.binders.record(record.data, self.desk.rules.types[record.kind])

    def _deal(self, entry: Entry) -> Case | None:
        if entry.influencer is None:
            return None
        influencer = self.bind(entry.influencer)
        deal = {**self.bind(entry.deal), "influencer": influencer}
        records = {**self.common, "influencer": entry.influencer, "deal": entry.deal}
        return Case({"influencer": influencer, "deal": deal}, Records(records))

    def brief(self) -> Case:
        """Return the case of the brief itself."""
        return Case({}, Records(self.common))

    def shortlist(self) -> Case:
        """Return the case of the whole shortlist; every deal of it has a case."""
        cases = [deal.case for deal in self.deals if deal.case is not None]
        members = tuple(case.values["deal"] for case in cases)
        entries = [deal.entry for deal in self.deals]
        return Case({"shortlist": members}, Records(self.common, entries))

    def posts(self, record: Record) -> Iterator[tuple[str, Case]]:
        """Yield each market that a post is for, and its case there.

        A post without a market is for each of the brief's; the market is empty where neither
        names one.
        """
        markets = [record.data["market"]] if "market" in record.data else []
        for market in markets or self.campaign.brief.data.get("markets", [""]):
            yield market, self._post(record, market)

    def _post(self, record: Record, market: str) -> Case:
        author = author_of(record, [deal.entry for deal in self.deals if deal.case])
        cases = (deal.case for deal in self.deals if deal.entry is author and deal.case)
        base = next(cases, None) or self.brief()
        bound = dict(self.bind(record))
        if market:
            bound["market"] = market
        values = {"influencer": {}, "deal": {}, **base.values, "post": bound}
        return Case(values, Records({**base.records.by_root, "post": record}))
