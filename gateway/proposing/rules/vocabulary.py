"""Words that tell who is meant, and words that are no part of anybody's name."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Rev|Sir|Dame|Col|Capt|Sgt|Sergeant|Insp|PC|DC|DS|WPC|PCSO|Cllr)"

CHILD_NOUNS = (
    "(?:grand|step|god|foster )?-?(?:sons?|daughters?|child(?:ren)?)|nephews?|nieces?|baby|babies|toddlers?|infants?|"
    "kids?|boys?|girls?|lads?|pupils?|students?|siblings?|(?:step|half)?-?(?:brothers?|sisters?)|twins?|cousins?|"
    "teenagers?|young person|little one"
)
KIN = (
    "(?:step|foster |god)?-?(?:mother|father|mum|mam|mom|dad)|mummy|daddy|(?:great )?(?:grand(?:mother|father|ma|pa|ad|"
    "dad|parents?)|nan|nana|nanny|gran|granny|grandma)|(?:aunt|auntie|uncle)|(?:ex-?)?(?:partner|boyfriend|girlfriend|"
    "husband|wife)|parents?|(?:foster )?carers?|guardians?|lodger|neighbour|childminder|landlord|landlady|tenant|friend"
)
AT_WORK = (
    "teacher|tutor|instructor|worker|officer|client|person|coach|nurse|doctor|lady|gentleman|man|woman|male|female|"
    "visitor|practitioner|midwife|paediatrician|headteacher|contact|manager"
)
MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
)
DAYS = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
ORDINARY = _set(
    "a about after again aged all also although always am an and any anyone are as asked at away back bad be because "
    "been before being both but by call called came can cannot child children come comes concern concerned could dear "
    "did do does done dont due during each either even ever every everyone family fine for from further get gets give "
    "given go goes going gone good got had has have having he hello her here hers hey hi him himself his home house how "
    "however i id if im in into is it its ive just kids know known last late left let like lives living look looks lot "
    "made make many may maybe me might more most much must my name named never next nice no nobody none not note "
    "nothing now of off ok okay old on once one only or other our out over people perhaps phone please previously "
    "present quite rang re reason really recently regarding right said same saw say says see seen seems several she "
    "should since so some somebody someone sometimes soon sorry still such sure talk than thank thanks that the their "
    "them then there these they thing things think this those though three through till time to today told tomorrow "
    "too tonight took two under until up upon us very want wants was way we week well went were what when where "
    "whether which while who whom whose why will with without worried would yeah year years yes yesterday yet you your "
    "yours older younger little big both baby boy girl new wife husband upset scared crying shouting staying unwell "
    "alone outside inside near opposite behind doing being aged nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen four five six seven eight enclosed attached according following despite once neither letters "
    "weight section risk operation occurrence referral report page our number"
)
KINDRED = _set(
    "mum mam mom mummy dad daddy mother father parent parents nan nana gran granny grandma grandad grandpa grandmother "
    "grandfather aunt auntie uncle brother brothers sister sisters son sons daughter daughters grandson granddaughter "
    "girls boys lad lads lady man woman men women teenager teenagers toddler pupil pupils student students infant "
    "cousin cousins nephew niece partner boyfriend girlfriend friend friends neighbour stepdad stepmum stepfather "
    "stepmother sibling siblings twin twins carer carers tenant client lodger teacher headteacher"
)
INSTITUTIONS = _set(
    "school schools academy college nursery nurseries primary junior juniors infant infants secondary high grammar "
    "preschool playgroup surgery practice hospital clinic centre council councils services service social care "
    "safeguarding protection department dept team hub mash lado authority borough county district city town police "
    "constabulary probation prison housing association trust charity project club church mosque university station "
    "unit office officer early help front door family partnership solicitors llp ltd limited plc lettings dental "
    "health nhs gp gmc confidential private urgent copy received form year class room group band street road lane "
    "avenue close court crescent drive place square terrace way gardens grove hill house flat park view walk row "
    "mews green rise yard fold quay parade wharf lodge cottage cottages england wales britain uk english welsh dob "
    "date birth reference exploitation abuse neglect category emotional physical sexual domestic designated lead "
    "multi agency duty colleague colleagues sirs madam sir whom resident residents anonymous director head "
    "headteacher manager worker nurse doctor christmas easter ramadan eid facebook whatsapp instagram snapchat tiktok "
    "google vauxhall ford box po tel telephone mobile email fax the"
)
NOT_NAMES = ORDINARY | KINDRED | INSTITUTIONS | _set(MONTHS) | _set(DAYS)
ALSO_NAMES = _set("will may april june august rose mark grace hope joy jack")
"""Words of every day that many people are called by, where they stand as a name and with a capital."""

PARTICLES = _set("de da di del der den van von la le el al bin bint ibn ap ab ben st mac o y")
NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
