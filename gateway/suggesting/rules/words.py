"""Words that several rules share: who is hurt, what hurts, how injuries are called. All in small letters."""

from __future__ import annotations

import re

CHILD = (
    r"(?:baby|babies|infant|newborn|toddler|child|children|kid|kids|kiddies|little (?:one|ones|boy|girl|lad)|boy|"
    r"boys|girl|"
    r"girls|lad|son|sons|daughter|daughters|brother|sister|siblings|stepson|stepdaughter|stepkids|grandson|"
    r"granddaughter|pupil|student|teenager|twins|nephew|niece)"
)
BABY = (
    r"(?:baby|babies|infant|newborn|toddler|(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|a few|"
    r"few)[- ]"
    r"(?:day|days|week|weeks|wk|wks|month|months|mth|mths)[- ]old)"
)
ADULT = (
    r"(?:mum|mam|mom|mummy|mother|dad|daddy|father|stepdad|stepfather|stepmum|stepmother|parents?|wife|husband|partner|"
    r"girlfriend|boyfriend|ex|gran|nan|grandma|grandad|grandfather|uncle|aunt|auntie|carer|foster carer)"
)
THEM = r"(?:him|her|them|me|us|himself|herself)"
WHOSE = r"(?:his|her|my|their|our|the|that|this|your|a|one of (?:the|his|her|their))"
HIT = (
    r"(?:hit|hits|hitting|beat|beats|beaten|beating|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|slap(?:s|ped|ping)?|"
    r"smack(?:s|ed|ing)?|batter(?:s|ed|ing)?|attack(?:s|ed|ing)?|assault(?:s|ed|ing)?|head ?butt(?:s|ed|ing)?|"
    r"whip(?:s|ped|ping)?|belt(?:s|ed|ing)|thump(?:s|ed|ing)?|whack(?:s|ed|ing)?|hurt(?:s|ing)?|burn(?:s|t|ed|ing)?|"
    r"throttl(?:es|ed|ing)|drag(?:s|ged|ging)?|threw|throws|throwing|thrown|shov(?:es|ed|ing)|bit|bites|biting)"
)
INJURY = (
    r"(?:bruis\w+|fractur\w+|broken (?:\w+ )?(?:arm|leg|rib|ribs|bone|bones|wrist|collarbone|nose|jaw)|bite marks?|"
    r"black eyes?|bleed\w*|blood|cut lip|split lip|swollen|swelling|scalds?|scalded|burn marks?|burns|burnt|burned|"
    r"cigarette burns?|belt marks?|hand ?prints?|welts?|injur\w+|limp|floppy|fitting|seizure|unresponsive)"
)
WEAPON = (
    r"(?:knife|knives|gun|guns|machete|machetes|blade|axe|hammer|firearm|shotgun|pistol|rifle|zombie knife|weapon|"
    r"weapons|acid|sword|crowbar|screwdriver|crossbow|baseball bat|cricket bat|bat|air rifle|cleaver|samurai sword|"
    r"taser|petrol bomb|petrol)"
)


def phrase(pattern: str) -> re.Pattern[str]:
    """A pattern in which a blank stands for any blanks, from the start of a word."""
    return re.compile(r"(?<![\w'])(?:" + pattern.replace(" ", r"\s+") + ")")
