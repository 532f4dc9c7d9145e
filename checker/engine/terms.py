"""What deals and budgets say, for the tables that people send on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.language.accounts import profile_address
from checker.model.records import Record
from checker.model.report import Budget, Terms


def terms_of(deal: Record, influencer: Mapping[str, Any], brief: Record) -> Terms:
    """Return a deal's terms; what it is to deliver the brief says where the deal does not."""
    data = deal.data
    platform, handle = influencer["platform"], influencer["handle"]
    return Terms(
        platform=platform,
        handle=handle,
        address=profile_address(platform, handle),
        state=data.get("state", "proposed"),
        fee=data.get("fee"),
        gift_value=data.get("gift_value"),
        currency=data.get("currency", ""),
        deliverables=_deliverables(data.get("deliverables", brief.data.get("deliverables", ()))),
        note=str(data.get("note", "")),
    )


def _deliverables(items: Any) -> str:
    return ", ".join(f"{item.get('count', 1):g} {item['type']}" for item in items)


def budget_of(brief: Record) -> Budget | None:
    """Return the budget of a brief, which may be its brand's; None where no currency is named."""
    budget = brief.data.get("budget", {})
    currency = budget.get("currency")
    return Budget(currency, budget.get("total")) if currency else None
