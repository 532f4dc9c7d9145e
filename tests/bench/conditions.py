"""The conditions of the shipped rules as other engines can write them.

They hold for @maisie.braids on the spring brief, of which they may take everything for granted:
no synonyms and no spelling of labels, no unknown values, no ranges, no currencies, no evidence.
Rules that the brief skips are left out; so are those that the others have no words for.
"""

from __future__ import annotations

# By rule: the condition in the Common Expression Language, and in zen's.
CONDITIONS: dict[str, tuple[str, str]] = {
    "influencer-tier": (
        "influencer.followers >= 1000 && influencer.followers <= 1000000",
        "influencer.followers >= 1000 and influencer.followers <= 1000000",
    ),
    "audience-age": (
        "0.0 + influencer.audience.age['18-24'] + influencer.audience.age['25-34'] >= 0.5",
        "influencer.audience.age['18-24'] + influencer.audience.age['25-34'] >= 0.5",
    ),
    "audience-country": (
        "influencer.audience.country['GB'] >= brief.target.minimum_share.country",
        "influencer.audience.country['GB'] >= brief.target.minimum_share.country",
    ),
    "audience-language": (
        "influencer.audience.language['en'] >= 0.5",
        "influencer.audience.language['en'] >= 0.5",
    ),
    "values-shared": (
        "influencer.values.exists(one, one in brand.values)",
        "some(influencer.values, # in brand.values)",
    ),
    "values-avoided": (
        "!influencer.values.exists(one, one in brief.avoid.values)",
        "none(influencer.values, # in brief.avoid.values)",
    ),
    "topics-avoided": (
        "!influencer.topics.exists(one, one in brief.avoid.topics)",
        "none(influencer.topics, # in brief.avoid.topics)",
    ),
    "content": (
        "influencer.topics.exists(one, one in brief.campaign.topics)",
        "some(influencer.topics, # in brief.campaign.topics)",
    ),
    "niche": (
        "size(influencer.topics) >= 1 && size(influencer.topics) <= 3"
        " || influencer.audience.country[influencer.country] >= 0.7",
        "len(influencer.topics) >= 1 and len(influencer.topics) <= 3"
        " or influencer.audience.country[influencer.country] >= 0.7",
    ),
    "competitors": (
        "!influencer.sponsorships.exists(one, one.brand in brand.competitors)",
        "none(influencer.sponsorships, #.brand in brand.competitors)",
    ),
    "cost-per-influencer": (
        "deal.fee + deal.gift_value <= brief.budget.per_influencer",
        "deal.fee + deal.gift_value <= brief.budget.per_influencer",
    ),
    "guidelines-acknowledged": (
        "influencer.guidelines.acknowledged",
        "influencer.guidelines.acknowledged",
    ),
    "disclosure-kept": (
        "influencer.sponsorships.all(one, one.disclosed)",
        "all(influencer.sponsorships, #.disclosed)",
    ),
}
