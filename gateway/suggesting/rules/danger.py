"""Rules whose words are red: a life, a body or a child's safety at this moment."""

from __future__ import annotations

from gateway.suggesting.factors import Factor
from gateway.suggesting.rules.rule import Rule
from gateway.suggesting.rules.words import ADULT, BABY, CHILD, HIT, INJURY, THEM, WEAPON, WHOSE, phrase
from storage.referral import Severity

RED, AMBER, GREEN = Severity.RED, Severity.AMBER, Severity.GREEN
_HELD = (
    r"(?:has|have|had|having|'s got|got|with|holding|holds|held|carrying|carries|carried|waving|waved|pulled(?: out)?|"
    r"pulls|grabbed|grabs|picked up|brought|brings|bringing|took|takes|keeps|kept|hides|hiding|hid|brandish\w+|using|"
    r"used|"
    r"swinging|found|showed|shown|showing|there's|there is|by|point(?:ed|ing|s)|threaten\w*|swung|produced|armed|buys|"
    r"bought|wants)"
)
_PERSON = rf"(?:{THEM}|(?:{WHOSE} )?(?:{ADULT}|{CHILD})|you|everyone|someone|somebody|the family|people)"
_SELF = r"(?:himself|herself|themsel(?:f|ves)|myself|yourself|ourselves)"

DANGER = (
    Rule(
        name="danger now", says_no=True,
        says="somebody is in danger at this moment", told=RED, now=RED, past=GREEN,
        factor=Factor.PHYSICAL_ABUSE,
        words=phrase(
            r"child in danger now\??: (?:yes|true)|in (?:immediate|serious|real|grave|imminent|great) danger|(?:is|"
            r"are|am|'s|'re|'m) in danger|"
            r"life in danger|"
            rf"(?:is|are|'s|'re) (?:\w+ing and )?(?:hitting|beating|attacking|kicking|punching|battering|hurting|"
            rf"stabbing|killing|smashing) {_PERSON}(?: \w+)?|not breathing|stopped breathing|unconscious|"
            r"(?:won't|will not|can't|doesn't) wake (?:up|him|her|them)|(?:kick|smash|break|batter)(?:ing|ed)? "
            r"(?:the|her|my|our|his|their) (?:front |back )?door (?:in|down)|scream(?:s|ing|ed)? for help|"
            r"call the police now|need(?:s)? an ambulance|bleeding (?:badly|heavily|everywhere|a lot)|"
            r"not safe (?:here|there|now|tonight|at home tonight)|(?:unsafe|not safe) to go home"
        ),
    ),
    Rule(
        name="weapon", says="a weapon", told=RED, now=RED, past=AMBER, factor=Factor.PHYSICAL_ABUSE,
        words=phrase(
            rf"{_HELD} (?:[\w']+ ){{0,4}}?{WEAPON}(?!\w)|(?:knife|knives|gun|guns|machete|machetes|weapons?) (?:in|"
            rf"on|under|to|"
            r"at|from|out|everywhere)|stabb(?:ed|ing)|(?:shot|shoot|shooting) (?:at )?(?:him|her|them|me|us|people)"
        ),
    ),
    Rule(
        name="threat to kill", says="a threat to kill", told=RED, now=RED, past=AMBER, factor=Factor.DOMESTIC_ABUSE,
        words=phrase(
            rf"(?:kill|killing|kills|murder|murdering|stab|shoot|drown|poison|burn) {_PERSON}(?: all)?(?!\w)|"
            rf"death threats?|"
            r"(?:burn|burn down|set fire to|blow up|torch) (?:the|our|my|her|his|their) (?:house|flat|home)"
        ),
    ),
    Rule(
        name="suicide", says_no=True,
        says="talk of ending a life", told=RED, now=RED, past=AMBER, factor=Factor.MENTAL_HEALTH,
        words=phrase(
            rf"(?:kill|killing|kills|killed|top|topping|hang|hanging|hanged|hung|drown|drowning) {_SELF}|"
            rf"found (?:him|her|them) hanging|suicid\w+|"
            r"(?:end|ending|ended|take|taking|took|taken) (?:it all|(?:his|her|my|their)(?: own)? (?:life|lives))|"
            r"(?:want|wants|wanted|wanting|wish|wishes|ready|going) to die|wish(?:es|ed)? (?:\w+ )?(?:was|were) dead|"
            r"(?:don't|doesn't|do not|does not|didn't|dont|doesnt) want to (?:be here|live|be alive|wake up|exist|"
            r"go on)|"
            r"no reason to live|better off dead|(?:cut|cutting|slit|slitting) (?:his|her|my|their) wrists|"
            r"(?:goodbye|suicide) (?:note|letter|text|message)|overdos\w+|(?:taken|took|swallowed|"
            r"taking) (?:[\w']+ ){0,5}"
            r"(?:pills|tablets|paracetamol)|(?:going to|about to|wants to|gonna|threaten\w+ to) jump|"
            r"jump(?:ed|ing)? (?:off|from) (?:the|a) (?:bridge|roof|building|car park|cliff|platform)|"
            r"on the (?:ledge|roof|bridge|train tracks|railway line)"
        ),
    ),
    Rule(
        name="baby hurt", says="a baby or toddler is hurt", told=RED, now=RED, past=AMBER, factor=Factor.PHYSICAL_ABUSE,
        words=phrase(
            rf"{BABY}(?:\W+\w+){{0,8}}?\W+(?:{INJURY}|{HIT}|shaken|shook|dropped)(?!\w)|"
            rf"(?:{INJURY}|{HIT}|shaken|shook|shakes|shaking|dropped)(?:\W+\w+){{0,6}}?\W+{BABY}(?!\w)"
        ),
    ),
    Rule(
        name="sexual abuse", says="sexual abuse", told=RED, now=RED, past=AMBER, factor=Factor.SEXUAL_ABUSE,
        secrets_deny=False,
        words=phrase(
            r"sexual(?:ly)? (?:\w+ )?(?:abus\w+|assault\w*|touch\w*|interfer\w+|harass\w*|exploit\w+|active with|"
            r"contact)|"
            r"rap(?:e|ed|es|ing|ist)(?!\w)|molest\w*|paedophile|pedophile|sex offender|incest|"
            r"touch(?:es|ed|ing)? (?:her|him|me|them|my (?:daughter|son)|the (?:girl|boy|"
            r"child))(?: \w+){0,4} (?:down there|"
            r"privates?|private (?:parts?|place|area)|bits|vagina|penis|willy|bum|bottom|breasts?|chest|sexually|"
            r"inappropriately|where (?:he|she) shouldn't)|touch(?:es|ed|ing)? (?:my|his|her|their) (?:privates?|"
            r"private parts?|bits|vagina|penis|willy|bum|bottom|breasts?)|(?:made|makes|making) (?:her|him|me|"
            r"them) touch|"
            r"indecent (?:images?|photos?|pictures?|assault|exposure)|groom(?:ed|ing|s)(?!\w)|"
            r"(?:naked|nude|sexual|sexy|topless) (?:pictures?|photos?|pics?|images?|videos?|messages?)|(?:sent|sends|"
            r"sending|"
            r"asks? for|asked for|wants) (?:\w+ )?nudes?|child porn\w*|(?:hand|hands|fingers?) (?:up|down|in|under|"
            r"inside) (?:her|his|my) (?:skirt|trousers|pants|knickers|top|bra|dress|shorts|shirt)|"
            r"(?:blood|semen|sperm) (?:on|in) (?:\w+ ){0,2}(?:child's |girl's |boy's )?(?:pants|knickers|underwear|"
            r"nappy)|exposed (?:himself|herself)|(?:gets?|got|"
            r"climbs?|climbed) "
            r"into (?:her|his|my) bed|(?:have|has|had|having) sex with (?:\w+ ){0,3}(?:child|girl|boy|\d+|him|her|"
            r"daughter|son|"
            r"pupil|older|men|man)|(?:have|has|had|having) sex (?:in front|for)|wee(?:s)? (?:on|in) my"
        ),
    ),
    Rule(
        name="missing child", says_no=True,
        says="a child is missing", told=RED, now=RED, past=GREEN, factor=Factor.MISSING,
        words=phrase(
            r"(?:is|are|has|have|'s|been|gone|went|go|goes|reported|still|now|child|son|daughter|boy|girl|currently) "
            r"(?:gone |been |reported )?missing(?!\w)|missing (?:since|person|child|from (?:home|care|placement|"
            r"the (?:unit|"
            r"children's home)))|(?:hasn't|has not|haven't|didn't|did not|never|not) (?:come|came|been|returned|"
            r"return|got|"
            r"gone)(?: back)? home(?!work)|(?:run|ran|running|runs) (?:away|off)(?! with it)|runaway|absconded|"
            rf"(?:can't|cannot|can not) find (?:him|her|them|(?:my|the|our) {CHILD})|disappeared|abducted|kidnapp?ed|"
            rf"snatched"
        ),
        unless=phrase(
            r"(?:found|back|home|returned|turned up|safe)(?: \w+){0,2} (?:safe|safe and well|home|now|again|at her|"
            r"at his)|"
            r"(?:was|been|were|is) found|(?:is|are|'s|came|come) (?:back|home) (?:now|safe)|missing (?:cat|dog|parcel|"
            r"rent|money|teeth)"
        ),
    ),
    Rule(
        name="strangling", says="strangling or suffocating", told=RED, now=RED, past=AMBER,
        factor=Factor.DOMESTIC_ABUSE,
        words=phrase(
            r"strangl\w+|(?:chok(?:ed|ing|es)|throttl(?:ed|ing|es)|suffocat(?:ed|ing|es)) (?:\w+ )?(?:him|her|me|"
            r"them|mum|"
            rf"{ADULT}|{CHILD})|hands? (?:a)?round (?:[\w']+ )?(?:throat|neck)|by the (?:throat|neck)|pillow over"
        ),
    ),
    Rule(
        name="fgm", says="female genital mutilation", told=RED, now=RED, past=AMBER, factor=Factor.FGM,
        secrets_deny=False,
        words=phrase(
            r"fgm(?!\w)|female genital \w+|female circumcis\w+|circumcis\w+ (?:\w+ ){0,2}(?:her|girls?|daughters?|"
            r"sisters?)|"
            r"(?:daughters?|girls?|her|sisters?|niece)(?: \w+){0,4} (?:to be|get|gets|be|being) (?:cut|"
            r"circumcised)(?!\w)|"
            r"cutting ceremony|sunna (?:cut|ceremony)"
        ),
    ),
    Rule(
        name="forced marriage", says="a forced marriage or honour-based abuse", told=RED, now=RED, past=AMBER,
        factor=Factor.OTHER, secrets_deny=False,
        words=phrase(
            r"forc(?:e|ed|es|ing) (?:\w+ ){0,3}(?:into )?(?:to )?(?:marry|marriage|a marriage)|married off|"
            r"(?:made|make|making|has|have) to marry|marry (?:a (?:man|stranger)|an older|someone|her cousin|"
            r"his cousin)|"
            r"taken? (?:\w+ ){0,4}(?:abroad|pakistan|bangladesh|somalia|india|afghanistan|back home) to (?:be |"
            r"get )?marr\w+|"
            r"sent (?:\w+ ){0,4}(?:home|abroad|away|back) to (?:be |get )?marr\w+|honou?r[- ](?:based|killing|"
            r"violence)|(?:shame|dishonou?r)(?:ed)? (?:on |to )?(?:the|his|her|their|"
            r"our) family"
        ),
    ),
    Rule(
        name="tied or locked in", says="a child is tied or locked in", told=RED, now=RED, past=AMBER,
        factor=Factor.EMOTIONAL_ABUSE, secrets_deny=False,
        words=phrase(
            r"lock(?:s|ed|ing)? (?:\w+ ){0,3}(?:in|inside|up in) (?:\w+ ){0,2}(?:cupboard|shed|garage|cellar|room|"
            r"bedroom|"
            r"bathroom|attic|loft|cage|car|dark)|(?:tied|ties|tying|chained|chains) (?:\w+ )?(?:up|to (?:the|a|his|"
            r"her))|"
            r"(?:tied|chained) (?:him|her|them|me)"
        ),
    ),
    Rule(
        name="trafficking", says="trafficking or slavery", told=RED, now=RED, past=AMBER, factor=Factor.TRAFFICKING,
        words=phrase(
            rf"traffick(?:ed|ing) (?!cone)(?:{CHILD}|{THEM}|for|into|from|by)|(?:been|being|was|were|is) trafficked|"
            rf"(?:sold|selling|sells) (?:\w+ ){{0,2}}(?:{CHILD}|{THEM}) (?:for|to)|domestic servitude|modern slavery"
        ),
    ),
)  # fmt: skip
