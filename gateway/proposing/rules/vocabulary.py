"""Words that tell who is meant, and words that are no part of anybody's name."""

from __future__ import annotations

from itertools import product


def set_of(words: str) -> frozenset[str]:
    """The words of a line, each once."""
    return frozenset(words.split())


TITLES = set_of("mr mrs ms miss mx dr prof rev sir dame col capt sgt sergeant insp pc dc ds wpc pcso cllr")
_OF_CHILDREN = set_of("son daughter child children brother sister sons daughters brothers sisters")
_STEPS = ("", "step", "step-", "half", "half-", "god", "grand", "grand-")
CHILD_NOUNS = frozenset(before + noun for before, noun in product(_STEPS, _OF_CHILDREN)) | set_of(
    "nephew nephews niece nieces baby babies toddler toddlers infant infants kid kids boy boys girl girls lad "
    "lads pupil pupils student students sibling siblings twin twins cousin cousins teenager teenagers"
)
_PARENTS = set_of("mother father mum mam mom dad parent parents")
KIN = frozenset(before + noun for before, noun in product(("", "step", "step-", "grand", "god"), _PARENTS)) | set_of(
    "mummy daddy mums dads nans grans grandma grandpa grandad granddad nan nana nanny gran granny aunt auntie "
    "uncle partner boyfriend girlfriend husband wife ex ex-partner ex-boyfriend ex-girlfriend ex-husband ex-wife "
    "carer carers guardian guardians lodger neighbour childminder landlord landlady tenant friend"
)
AT_WORK = set_of(
    "teacher tutor instructor worker officer client person coach nurse doctor lady gentleman man woman male "
    "female visitor practitioner midwife paediatrician headteacher contact manager contractor inspector colleague "
    "assistant"
)
MANY = frozenset(noun for noun in CHILD_NOUNS if noun.endswith(("s", "children")))
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTHS = frozenset(MONTH_NAMES) | {name[:3] for name in MONTH_NAMES} | {"sept"}
DAYS = set_of("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun")
ORDINARY = set_of(
    "a about after again aged all also although always am an and any anyone are as asked at away back bad be "
    "because been before being both but by call called came can cannot child children come comes concern "
    "concerned could dear did do does done dont due during each either even ever every everyone family fine for "
    "from further get gets give given go goes going gone good got had has have having he hello her here hers hey "
    "hi him himself his home house however i id if im in into is it its ive just kids know known last late left "
    "let like lives living look looks lot made make many may maybe me might more most much must my name named "
    "names never next nice no nobody none not note nothing now of off ok okay old on once one only or other our "
    "out over people perhaps phone please previously present quite rang re reason really recently regarding right "
    "said same saw say says see seen seems several she should since so some somebody someone sometimes soon sorry "
    "still such sure talk than thank thanks that the their them then there these they thing things think this "
    "those though three through till time to today told tomorrow too tonight took two under until up upon us very "
    "want wants was way we week well went were what when where how whether which while who whom whose why will "
    "with without worried would yeah year years yes yesterday yet you your yours older younger little big both "
    "baby boy girl new wife husband upset scared crying shouting staying unwell alone outside inside near "
    "opposite behind doing being aged nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen four "
    "five six seven eight enclosed attached according following despite once neither letters weight section risk "
    "operation occurrence referral report page number write use hers hes shes theirs ours mine"
)
KINDRED = CHILD_NOUNS | KIN | set_of("man men woman women lady gentleman teacher headteacher friends neighbours client")
ORGANISATIONS = set_of(
    "school schools academy college nursery surgery practice hospital clinic centre council services service hub "
    "authority borough association trust charity project club church mosque university police constabulary "
    "probation prison housing partnership solicitors llp ltd limited plc lettings dental department dept unit "
    "homes primary juniors infants trustees care team scouts guides harriers community foundation"
)
STREETS = (
    "road rd street st lane ln avenue ave close court crescent cres drive place square terrace way gardens grove hill "
    "park view walk row mews green rise yard fold quay parade wharf homes houses cottages buildings villas approach "
    "exchange end gate heights mount vale bank broadway common croft field fields meadow meadows mill parkway path "
    "passage reach ridge side top alley chase circus copse dale esplanade priory promenade brow brae"
)
INSTITUTIONS = (
    ORGANISATIONS
    | set_of(STREETS)
    | set_of(
        "junior infant secondary high grammar preschool playgroup nurseries councils social safeguarding protection "
        "mash lado county district city town station office officer early help front door family health nhs gp gmc "
        "confidential private urgent copy received form year class room group band house flat lodge cottage england "
        "wales britain uk english welsh dob date birth reference exploitation abuse neglect category emotional "
        "physical sexual domestic designated lead multi agency duty colleague colleagues sirs madam whom resident "
        "residents anonymous director head manager worker nurse doctor christmas easter ramadan eid facebook whatsapp "
        "instagram snapchat tiktok google vauxhall ford box po tel telephone mobile email fax the role address "
        "postcode"
    )
)
NOT_NAMES = ORDINARY | KINDRED | INSTITUTIONS | MONTHS | DAYS
ALSO_NAMES = set_of("will may april june august rose mark grace hope joy jack dale")
"""Words of every day that many people are called by, where they stand as a name and with a capital."""

PARTICLES = set_of("de da di del der den van von la le el al bin bint ibn ap ab ben st mac o y")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NUMBERS = {
    word: number
    for number, word in enumerate(
        (
            *DIGITS,
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        )
    )
}
