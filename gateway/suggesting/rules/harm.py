"""Rules whose words are amber: harm that a person must look at today, and red where it happens at this moment."""

from __future__ import annotations

import re

from gateway.suggesting.factors import Factor
from gateway.suggesting.rules.rule import Rule
from gateway.suggesting.rules.words import ADULT, CHILD, HIT, INJURY, THEM, WHOSE, phrase
from storage.referral import Severity

RED, AMBER, GREEN = Severity.RED, Severity.AMBER, Severity.GREEN
_YOUNG = re.compile(
    r"\b(?:baby|babies|infant|newborn|toddler|(?:[0-7]|one|two|three|four|five|six|seven)[- ]?(?:years?|yrs?|yr|"
    r"months?|weeks?)"
    r"(?:[- ]old)?|aged? (?:[0-7]|one|two|three|four|five|six|seven)\b|all (?:night|weekend|day)|overnight|for days|"
    r"for hours)"
)
_IS = r"(?:is|are|was|were|'s|'re|am|being|been|be|gets?|got|looks?|seems?|comes? home|came home)"


def is_young(sentence: str) -> bool:
    """Whether a small child is spoken of, or a whole night."""
    return _YOUNG.search(sentence) is not None


_ALONE = phrase(
    rf"(?:left|leaves?|leaving) (?:\w+ ){{0,5}}?(?:home alone|alone|unattended|unsupervised|(?:on|by) (?:his|her|"
    rf"their) own|"
    rf"by (?:himself|herself|themselves))|home alone|{CHILD} (?:{_IS} )?(?:\w+ )?(?:alone|on (?:his|her|"
    rf"their) own)(?: in|"
    r" at| all| for| with|$)|no (?:adults?|grown[- ]?ups?|parents?) (?:\w+ )?(?:there|in|at home|around|with them|"
    r"looking)|"
    r"nobody (?:is |was )?(?:at home|looking after|minding|watching) (?:\w+ )?(?:him|her|them|the (?:baby|kids|"
    r"children))?"
)
HARM = (
    Rule(
        name="small child alone", says_no=True,
        says="a small child is alone, or all night", told=RED, now=RED, past=AMBER,
        factor=Factor.NEGLECT, words=_ALONE, holds=is_young,
    ),
    Rule(
        name="child alone", says_no=True,
        says="a child is alone", told=AMBER, now=AMBER, past=GREEN, factor=Factor.NEGLECT,
        words=_ALONE,
    ),
    Rule(
        name="domestic violence", says="violence between adults at home", told=AMBER, now=RED, past=GREEN,
        factor=Factor.DOMESTIC_ABUSE, secrets_deny=False,
        words=phrase(
            rf"domestic(?:s|ally)? (?:abus\w+|violen\w+|incident)|{HIT} (?:\w+ )?{WHOSE} {ADULT}(?!\w)|{HIT} (?:mum|"
            rf"mam|mummy|"
            r"dad|daddy|nan|gran)(?!\w)|(?:broke|broken|breaks) (?:her|his|mum's|my) (?:jaw|nose|arm|ribs?|wrist|"
            r"cheekbone)|beat(?:s|en|ing)? (?:\w+ )?up|violent (?:\w+ )?(?:partner|ex|boyfriend|husband|"
            r"relationship|father|dad|man)|(?:is|gets|was|been|being|getting) (?:very |really )?violent|refuge(?!e)|"
            r"coercive|stalk(?:s|ed|ing)(?!\w)|non[- ]molestation|restraining order"
        ),
    ),
    Rule(
        name="child hit", says="a child is hit or hurt", told=AMBER, now=RED, past=GREEN, factor=Factor.PHYSICAL_ABUSE,
        secrets_deny=False,
        words=phrase(
            rf"{HIT} (?:\w+ )?(?:{WHOSE} )?(?:\w+ )?{CHILD}(?!\w)|{HIT} (?:{THEM})(?: (?:with|on|across|in|so|hard|"
            rf"again|round|"
            r"around|against|when|every|if|because|for|and|really)|$|[.,!])|with (?:a|the|his|her) (?:belt|slipper|"
            r"stick|cane|"
            r"cable|spoon|shoe|strap)|(?:he|she|dad|mum|daddy|mummy|they) (?:hits?|hurts?|beats?|smacks?|slaps?|"
            r"kicks?|punches) "
            rf"(?:me|him|her|them|us)|{CHILD} (?:\w+ )?(?:{_IS}) (?:\w+ )?(?:{HIT})(?!\w)|hurt by"
        ),
    ),
    Rule(
        name="marks", says="marks or injuries on a child", told=AMBER, now=AMBER, past=GREEN,
        factor=Factor.PHYSICAL_ABUSE,
        words=phrase(
            r"bruis(?:e|es|ed|ing)(?!\w)|black eyes?|cigarette burns?|burn marks?|belt marks?|bite marks?|"
            r"hand ?prints?|welts?|"
            rf"(?:split|cut|swollen|bloody|fat) (?:lip|nose|eye)|unexplained (?:injur\w+|marks?|{INJURY})|"
            r"(?:broken|fractured) (?:\w+ )?(?:arm|leg|rib|ribs|wrist|jaw|nose|collarbone)|marks (?:on|all over|across)"
        ),
    ),
    Rule(
        name="no food", says_no=True,
        says="a child goes without food", told=AMBER, now=AMBER, past=GREEN, factor=Factor.NEGLECT,
        words=phrase(
            r"(?:no|any) food(?! (?:allerg|intoleran|poison))|nothing to eat|(?:hasn't|haven't|has not|have not|not|"
            r"isn't|aren't|"
            r"never|doesn't|don't|didn't) (?:been )?(?:eaten|eating|fed|feeding (?:them|him|her)|feed|get fed|"
            r"being fed|had (?:any "
            r"food|anything to eat|a meal|dinner|breakfast))|starv(?:ing|ed|es)(?!\w)|(?:always|so|very|constantly|"
            r"really|often|"
            r"are|is|was|were|and|go to bed) hungry|(?:beg|begs|begging|asking|asks|steal|steals|stealing|stole|"
            r"taking|looking) "
            r"(?:\w+ )?(?:for )?food|eat(?:s|ing)? (?:\w+ )?(?:out of|from) (?:\w+ )?bins?|empty (?:fridge|cupboards)|"
            r"fridge (?:is|was) empty"
        ),
        unless=phrase(r"food ?bank|enough food|food parcel|food diary|cat|dog|rabbit|hamster|goldfish|fish"),
    ),
    Rule(
        name="neglect", says_no=True,
        says="neglect", told=AMBER, now=AMBER, past=GREEN, factor=Factor.NEGLECT,
        words=phrase(
            r"neglect(?:s|ed|ing|ful)?(?!\w)|filthy|squalor|(?:dirty|soiled|soaking|full|same) nappy|(?:dirty|"
            r"soiled) nappies|"
            r"unwashed|(?:dog |cat |human )?(?:faeces|excrement|poo) (?:on|all over|everywhere|in the)|(?:smell|smells|"
            r"smelling|stinks?|reeks?) of (?:urine|wee|pee|poo)|sleep(?:s|ing)? on (?:the|a bare) (?:floor|mattress)|"
            r"(?:no|any) (?:heating|electric\w*|gas|hot water|beds?|shoes|coat|clean clothes|working toilet)|"
            r"not (?:been )?(?:washed|bathed|changed)|(?:hasn't|haven't) (?:been )?(?:washed|bathed|changed)"
        ),
    ),
    Rule(
        name="self-harm", says="self-harm", told=AMBER, now=RED, past=AMBER, factor=Factor.SELF_HARM,
        words=phrase(
            r"self[- ]?harm\w*|(?:cut|cuts|cutting|burn|burns|burning|hurt|hurts|hurting|scratch\w*) (?:himself|"
            r"herself|"
            r"myself|themselves|themself)|(?:cuts|scars) (?:on|all over|up) (?:his|her|my|their) (?:arms?|legs?|"
            r"wrists?|"
            r"thighs?)|starv(?:es|ing) (?:herself|himself)"
        ),
    ),
    Rule(
        name="drugs", says="drugs around a child", told=AMBER, now=AMBER, past=GREEN, factor=Factor.DRUGS,
        words=phrase(
            r"(?:smok|snort|inject|tak|us|deal|sell|cook|grow|do|buy|deliver|carry|sniff)(?:e|s|es|ed|ing|"
            r"in)? (?:\w+ ){0,2}?"
            r"(?:crack|heroin|cocaine|coke|weed|cannabis|meth|crystal meth|drugs|spice|ket|ketamine|skunk|gear|mdma|"
            r"pills)"
            r"(?!\w)|drug (?:deal\w*|den|house|addict\w*|use|user|users|misuse|abuse|taking|dealing)|drugs (?:in|on|"
            r"around|at|"
            r"left|all over|everywhere)|(?:needles|syringes?|crack pipe|bong|crackheads?|smackheads?|junkies)(?!\w)|"
            r"(?:on|addicted to) (?:drugs|"
            r"crack|heroin|"
            r"cocaine)(?!\w)|(?:smells?|stinks?|reeks?|smelling|smelt) of (?:weed|cannabis)|high on|off (?:his|her|"
            r"their) "
            r"(?:head|face)|stoned(?!\w)"
        ),
    ),
    Rule(
        name="drink", says="a carer who drinks", told=AMBER, now=AMBER, past=GREEN, factor=Factor.ALCOHOL,
        words=phrase(
            rf"(?:{ADULT}|he|she|they|parents) ?(?:{_IS}) (?:\w+ ){{0,2}}?(?:drunk|pissed|paralytic|passed out|"
            rf"intoxicated|off it)"
            r"(?!\w)|drink(?:s|ing)? (?:all day|heavily|every (?:day|night)|too much|a lot|again|from the morning|"
            r"vodka)|"
            r"alcoholic(?! drinks?)|(?:drink|drunk)[- ]driv\w+|(?:passed out|collapsed) drunk|drunk (?:in charge|and|"
            r"at the "
            r"school|again|while|when|with|every|most)|alcohol (?:misuse|abuse|problem)|drink problem"
        ),
    ),
    Rule(
        name="exploitation", says="exploitation of a child", told=AMBER, now=AMBER, past=GREEN,
        factor=Factor.CRIMINAL_EXPLOITATION,
        words=phrase(
            r"county lines|cuckoo(?:ed|ing)|exploit(?:ed|ing|ation|s)(?!\w)|(?:runs?|running|carr(?:y|ies|ying)|"
            r"deliver\w*|"
            r"selling|moving) (?:\w+ )?drugs for|gang(?:s)?(?! of workmen)(?!\w)|(?:older|adult|grown) (?:men|man|"
            r"boyfriend|"
            r"boys)(?!\w)|(?:two|three|new|several|expensive|second) (?:mobile )?phones? (?:and|that|he|she|which|"
            r"from)|"
            r"debt bondage|owes? (?:\w+ )?dealers?"
        ),
    ),
    Rule(
        name="fear", says_no=True,
        says="a child is afraid", told=AMBER, now=AMBER, past=GREEN, factor=Factor.EMOTIONAL_ABUSE,
        words=phrase(
            r"(?:scared|terrified|frightened|afraid|petrified|fearful) (?:of (?:his|her|their|my|the|him|her|them|"
            r"dad|mum|going "
            r"home)|to go home|to be (?:home|alone with))|(?:doesn't|does not|don't|didn't|not) want(?:s)? to go home|"
            r"flinch(?:es|ed|ing)?(?!\w)|cower\w*|wets? (?:himself|herself) when|begg(?:ed|ing) (?:me |"
            r"us )?not to (?:go|be sent|"
            r"tell|send|take)|(?:calls?|calling|called|tells?|telling|told) (?:him|her|"
            r"them) (?:\w+ ){0,2}(?:worthless|useless|"
            r"stupid|ugly|unwanted|a mistake|evil|possessed)|(?:possessed|witch|evil spirit|demon)(?!\w)"
        ),
    ),
    Rule(
        name="extremism", says="extremism", told=AMBER, now=AMBER, past=GREEN, factor=Factor.OTHER,
        words=phrase(r"radicali[sz]\w+|extremis\w+|terroris\w+|join(?:ing|ed)? isis"),
    ),
)  # fmt: skip
